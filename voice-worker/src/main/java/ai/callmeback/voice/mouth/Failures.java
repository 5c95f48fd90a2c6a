package ai.callmeback.voice.mouth;

/** Failures of the voice within a minute of each other: the first is met by connecting again, the second otherwise. */
final class Failures {
    static final int MOST = 2;

    private static final long FORGET_NANOS = 60_000_000_000L;

    private int count;
    private long lastNanos;

    int count() {
        return count;
    }

    /** One more; a silence counts for two, because the same socket would be silent again. */
    void add(long nowNanos, boolean silence) {
        int before = nowNanos - lastNanos > FORGET_NANOS ? 0 : count;
        count = silence ? Math.max(before, 1) + 1 : before + 1;
        lastNanos = nowNanos;
    }
}
