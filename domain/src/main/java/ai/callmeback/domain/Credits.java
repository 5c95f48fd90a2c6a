package ai.callmeback.domain;

/** An amount of talk, in seconds; never negative. A person sees it as minutes. */
public record Credits(long seconds) implements Comparable<Credits> {
    public static final Credits ZERO = new Credits(0);
    private static final long SECONDS_PER_MINUTE = 60;

    public Credits {
        if (seconds < 0) {
            throw new IllegalArgumentException("credits must not be negative: " + seconds + " s");
        }
    }

    public static Credits ofMinutes(long minutes) {
        return new Credits(Math.multiplyExact(minutes, SECONDS_PER_MINUTE));
    }

    public Credits plus(Credits other) {
        return new Credits(Math.addExact(seconds, other.seconds));
    }

    /** Fails rather than go below zero. */
    public Credits minus(Credits other) {
        return new Credits(Math.subtractExact(seconds, other.seconds));
    }

    public Credits atMost(Credits bound) {
        return compareTo(bound) <= 0 ? this : bound;
    }

    @Override
    public int compareTo(Credits other) {
        return Long.compare(seconds, other.seconds);
    }
}
