package ai.callmeback.simulators.core;

import java.time.Duration;
import java.time.Instant;

/**
 * The simulators' clock and their one thread: phones, calls and media are confined to it, so they need no locks, and
 * tests replace it by a clock they turn themselves.
 */
public interface SimTime {
    /** Wall clock, for dates on the wire and in the journal. */
    Instant now();

    /** Monotonic nanoseconds, for pacing. */
    long nanoTime();

    /** Runs {@code task} on the thread, as soon as possible. */
    void execute(Runnable task);

    /** Runs {@code task} on the thread when {@link #nanoTime()} has reached {@code deadlineNanos}. */
    Timer at(long deadlineNanos, Runnable task);

    /** Runs {@code task} on the thread after {@code delay}. */
    default Timer after(Duration delay, Runnable task) {
        return at(nanoTime() + delay.toNanos(), task);
    }

    /** True on the thread. */
    boolean onThread();

    /** A pending task. Cancelling twice, or after it ran, does nothing. */
    interface Timer {
        /** A timer that was never set. */
        Timer NONE = () -> {};

        void cancel();
    }
}
