package ai.callmeback.voice.ears;

import java.util.concurrent.TimeUnit;

/**
 * Tells a connection that reports from one that floods: more than {@value #MOST_A_SECOND} events within a second are no
 * report of speech, each of them a line in the journal all calls of the worker share, and maybe a question to the model.
 */
final class EventPace {
    /** An engine reports ten times a second at its liveliest. */
    static final int MOST_A_SECOND = 200;

    private long secondBegan;
    private int events;

    /** One more event; whether that is too many. */
    boolean isTooMuch(long nowNanos) {
        if (events == 0 || nowNanos - secondBegan > TimeUnit.SECONDS.toNanos(1)) {
            secondBegan = nowNanos;
            events = 0;
        }
        return ++events > MOST_A_SECOND;
    }
}
