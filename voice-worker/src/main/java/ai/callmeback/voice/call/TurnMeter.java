package ai.callmeback.voice.call;

import java.time.Instant;

/** Counts turns and their latency for the whole worker; called on event loops, so it only adds to counters. */
public interface TurnMeter {
    /** A turn that answers the user was begun to be heard this long after the user's turn ended. */
    void answered(long latencyNanos);

    void interrupted();

    /** A leg is over; how often and how long its phone stood dry through our fault. */
    void legOver(int lateFrames, long lateMillis, int starvedFrames);

    /** A turn of the agent is over: what became of it, and where its time went. */
    default void turnOver(CallSetup leg, TurnRecord turn) {}

    /**
     * The same leg, as a part of its call; told on any thread once it stands in the journal.
     *
     * @param reason a code
     */
    default void legOver(CallSetup leg, Instant end, long lastedNanos, String reason) {}

    /** Counts nothing. */
    static TurnMeter none() {
        return new TurnMeter() {
            @Override
            public void answered(long latencyNanos) {}

            @Override
            public void interrupted() {}

            @Override
            public void legOver(int lateFrames, long lateMillis, int starvedFrames) {}
        };
    }
}
