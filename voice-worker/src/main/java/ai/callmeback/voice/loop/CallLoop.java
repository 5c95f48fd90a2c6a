package ai.callmeback.voice.loop;

import io.netty.channel.EventLoop;
import io.netty.util.concurrent.ScheduledFuture;
import io.netty.util.concurrent.Ticker;
import java.util.concurrent.TimeUnit;

/**
 * The one thread a call is confined to, and its clock. Everything of a call is created, called and cancelled here; what
 * comes from elsewhere (the database, Temporal) first comes back through {@link #execute}.
 */
public final class CallLoop {
    private final EventLoop eventLoop;
    private final Ticker ticker;

    public CallLoop(EventLoop eventLoop, Ticker ticker) {
        this.eventLoop = eventLoop;
        this.ticker = ticker;
    }

    public EventLoop eventLoop() {
        return eventLoop;
    }

    /** Monotonic time, for intervals only. */
    public long nanos() {
        return ticker.nanoTime();
    }

    /** Runs on the loop, later; a task for a loop that has shut down is dropped, because its calls are gone. */
    public void execute(Runnable task) {
        if (!isEnding()) {
            eventLoop.execute(task);
        }
    }

    /** Runs on the loop after a delay unless cancelled. */
    public Timer after(long delayMillis, Runnable task) {
        ScheduledFuture<?> future = eventLoop.schedule(task, delayMillis, TimeUnit.MILLISECONDS);
        return () -> future.cancel(false);
    }

    /** Whether what is to run later may never run. */
    public boolean isEnding() {
        return eventLoop.isShuttingDown();
    }

    /** @throws IllegalStateException on any other thread: the confinement every stage relies on is broken */
    public void assertInLoop() {
        if (!eventLoop.inEventLoop()) {
            throw new IllegalStateException(
                    "on " + Thread.currentThread().getName() + ", which is not the event loop of this call");
        }
    }

    /** Something that will happen, until it is cancelled. */
    @FunctionalInterface
    public interface Timer {
        void cancel();
    }
}
