package ai.callmeback.voice.ears;

/** Connections that failed within a minute of each other. */
final class Failures {
    private static final int MOST = 3;
    private static final long FORGET_NANOS = 60_000_000_000L;

    private int count;
    private long lastNanos;

    int count() {
        return count;
    }

    void add(int more, long nowNanos) {
        count = nowNanos - lastNanos > FORGET_NANOS ? more : count + more;
        lastNanos = nowNanos;
    }

    boolean areTooMany() {
        return count > MOST;
    }
}
