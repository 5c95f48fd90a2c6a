package ai.callmeback.activities.relay;

import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import java.util.function.IntSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;

/**
 * Runs a round of work again and again on one virtual thread: at once while there is more, else after a pause; after a
 * failure the pause grows to its bound. Nothing is queued: what a round does not take stays in the database.
 */
final class Poller implements SmartLifecycle {
    private static final Logger log = LoggerFactory.getLogger(Poller.class);
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(5);

    private final String name;
    private final Duration pause;
    private final IntSupplier round;
    private volatile boolean running;
    private volatile Thread thread;

    /** @param round answers how much it did; 0 means that there was nothing to do */
    Poller(String name, Duration pause, IntSupplier round) {
        this.name = name;
        this.pause = pause;
        this.round = round;
    }

    @Override
    public void start() {
        running = true;
        thread = Thread.ofVirtual().name(name).start(this::loop);
    }

    @Override
    public void stop() {
        running = false;
        Thread current = thread;
        if (current != null) {
            current.interrupt();
        }
    }

    @Override
    public boolean isRunning() {
        return running;
    }

    private void loop() {
        Duration next = pause;
        while (running) {
            try {
                next = round.getAsInt() > 0 ? Duration.ZERO : pause;
            } catch (RuntimeException e) {
                Duration doubled = next.isZero() ? pause : next.multipliedBy(2);
                next = doubled.compareTo(LONGEST_PAUSE) > 0 ? LONGEST_PAUSE : doubled;
                if (running) {
                    log.warn("{}: a round failed, again in {}: {}", name, next, e.toString());
                }
            }
            LockSupport.parkNanos(next.toNanos());
        }
    }
}
