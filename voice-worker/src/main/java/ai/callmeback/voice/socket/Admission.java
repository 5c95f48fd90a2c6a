package ai.callmeback.voice.socket;

import ai.callmeback.voice.loop.CallLoop;
import ai.callmeback.voice.loop.CallLoop.Timer;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * When new conversations may begin on one event loop. A call that finds nobody waiting begins at once. Of calls that come
 * together one begins every {@value #EVERY_MILLIS} ms, and only while the loop is on time: a loop that is late by more than
 * {@value #LATE_MILLIS} ms has work to do for calls it already holds, and those go first.
 *
 * <p>Nothing is learnt of how old the process is or how many calls it holds. A loop that is slow because its code is new, or
 * because it is full, shows it in the same way, by being late, and is given time in the same way.
 *
 * <p>Bounds: at most {@value #WAITING_MOST} wait, each for at most {@value #WAIT_MILLIS} ms. Who cannot wait, or has
 * waited so long, is refused, before anything was claimed: the next worker may have him.
 */
final class Admission {
    static final long EVERY_MILLIS = 5;
    static final long LATE_MILLIS = 15;
    static final long WAIT_MILLIS = 3_000;
    static final int WAITING_MOST = 200;

    private record Waiting(long sinceNanos, Runnable begin, Runnable refuse) {}

    private final CallLoop loop;
    private final Deque<Waiting> queue = new ArrayDeque<>();
    private @Nullable Timer next;

    Admission(CallLoop loop) {
        this.loop = loop;
    }

    /** Runs one of the two on the loop, exactly once. */
    void ask(Runnable begin, Runnable refuse) {
        loop.assertInLoop();
        if (next == null) {
            begin.run();
            look();
        } else if (queue.size() < WAITING_MOST) {
            queue.add(new Waiting(loop.nanos(), begin, refuse));
        } else {
            refuse.run();
        }
    }

    private void look() {
        long due = loop.nanos() + TimeUnit.MILLISECONDS.toNanos(EVERY_MILLIS);
        next = loop.after(EVERY_MILLIS, () -> {
            next = null;
            admit(loop.nanos() - due <= TimeUnit.MILLISECONDS.toNanos(LATE_MILLIS));
        });
    }

    private void admit(boolean onTime) {
        while (!queue.isEmpty()
                && loop.nanos() - queue.peek().sinceNanos() > TimeUnit.MILLISECONDS.toNanos(WAIT_MILLIS)) {
            queue.remove().refuse().run();
        }
        if (queue.isEmpty()) {
            return;
        }
        look();
        if (onTime) {
            queue.remove().begin().run();
        }
    }
}
