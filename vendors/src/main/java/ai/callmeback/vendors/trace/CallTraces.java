package ai.callmeback.vendors.trace;

/**
 * Where spans of calls go. Takes a span at once, on any thread, and never waits or fails: what a collector cannot take is
 * dropped.
 */
@FunctionalInterface
public interface CallTraces extends AutoCloseable {
    void add(CallSpan span);

    /** Sends what has been added, for a moment at most. */
    @Override
    default void close() {}

    /** No collector: every span is forgotten. */
    static CallTraces none() {
        return span -> {};
    }
}
