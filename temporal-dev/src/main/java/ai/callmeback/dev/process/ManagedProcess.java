package ai.callmeback.dev.process;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * One child process that is kept alive: started, asked for readiness, restarted with growing pauses when it dies, and
 * stopped on demand. A child that dies {@value #HOPELESS_STARTS} times without ever having been ready is given up, so
 * that a broken build ends in a message and not in a loop.
 */
public final class ManagedProcess {
    static final int PROBE_MILLIS = 100;
    private static final int HOPELESS_STARTS = 4;
    private static final long FIRST_PAUSE_MILLIS = 300;
    private static final long LONGEST_PAUSE_MILLIS = 10_000;
    private static final Duration STEADY = Duration.ofSeconds(30);

    private final ProcessSpec spec;
    private final Path log;
    private final Guard guard;
    private final Consumer<String> notices;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();

    private ProcessState state = ProcessState.STOPPED;
    private boolean wanted;
    private int restarts;
    private @Nullable Process process;
    private @Nullable Thread keeper;

    ManagedProcess(ProcessSpec spec, Path logs, Guard guard, Consumer<String> notices) {
        this.spec = spec;
        this.log = logs.resolve(spec.name() + ".log");
        this.guard = guard;
        this.notices = notices;
    }

    public String name() {
        return spec.name();
    }

    public Path log() {
        return log;
    }

    public ProcessState state() {
        return locked(() -> state);
    }

    /** How often it was started again after dying by itself. */
    public int restarts() {
        return locked(() -> restarts);
    }

    /** The process id, or -1 while none runs. */
    public long pid() {
        return locked(() -> process != null && process.isAlive() ? process.pid() : -1L);
    }

    /** Starts it and keeps it alive. A repeat while it runs does nothing. */
    public void start() {
        locked(() -> {
            if (!wanted) {
                wanted = true;
                state = ProcessState.STARTING;
                keeper = Thread.ofVirtual().name("keep-" + spec.name()).start(this::keep);
            }
            return null;
        });
    }

    /** Waits until it is ready; false if it gave up or the time is over. */
    public boolean awaitReady(Duration atMost) throws InterruptedException {
        long left = atMost.toNanos();
        lock.lockInterruptibly();
        try {
            while (state != ProcessState.READY) {
                if (state == ProcessState.FAILED || left <= 0) {
                    return false;
                }
                left = changed.awaitNanos(left);
            }
            return true;
        } finally {
            lock.unlock();
        }
    }

    /** Kills it as a crash would. It is restarted unless {@code holdDown}; then {@link #start} brings it back. */
    public void kill(boolean holdDown) {
        Process victim = locked(() -> {
            if (holdDown) {
                wanted = false;
            }
            return process;
        });
        if (victim != null) {
            victim.destroyForcibly();
            awaitEnd(victim, Duration.ofSeconds(5));
        }
        if (holdDown) {
            joinKeeper();
        }
    }

    /** Asks it to end, as a deploy would, and does not wait. When it has ended it is started again. */
    public void askToEnd() {
        Process running = locked(() -> process);
        if (running != null && running.isAlive()) {
            signal(running);
        }
    }

    /** Asks it to end, waits, kills if need be. It stays down. */
    public void stop() {
        Process running = locked(() -> {
            wanted = false;
            changed.signalAll();
            return process;
        });
        if (running != null && running.isAlive()) {
            signal(running);
            if (!awaitEnd(running, spec.stopWithin())) {
                notices.accept(
                        spec.name() + " did not end within " + spec.stopWithin().toSeconds() + " s and was killed");
                running.destroyForcibly();
                awaitEnd(running, Duration.ofSeconds(5));
            }
        }
        joinKeeper();
    }

    private void signal(Process running) {
        if (spec.stopSignal() == StopSignal.TERM) {
            running.destroy();
            return;
        }
        try {
            new ProcessBuilder("kill", "-" + spec.stopSignal().name(), Long.toString(running.pid()))
                    .start()
                    .waitFor();
        } catch (IOException e) {
            running.destroy();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void keep() {
        int unreadyStarts = 0;
        long pause = FIRST_PAUSE_MILLIS;
        try {
            while (true) {
                Instant started = Instant.now();
                Process child = launch();
                if (child == null) {
                    return;
                }
                boolean wasReady = untilReady(child);
                int exit = child.waitFor();
                guard.forget(child.pid());
                if (!moveTo(ProcessState.RESTARTING)) {
                    return;
                }
                unreadyStarts = wasReady ? 0 : unreadyStarts + 1;
                if (unreadyStarts >= HOPELESS_STARTS) {
                    notices.accept(spec.name() + " ended " + unreadyStarts
                            + " times before it was ready; last lines of " + log + ":\n" + LogTail.last(log, 15));
                    giveUp();
                    return;
                }
                if (Duration.between(started, Instant.now()).compareTo(STEADY) > 0) {
                    pause = FIRST_PAUSE_MILLIS;
                }
                notices.accept(spec.name() + " ended (exit " + exit + "); starting it again in " + pause + " ms");
                if (!pauseFor(pause)) {
                    return;
                }
                pause = Math.min(LONGEST_PAUSE_MILLIS, pause * 2);
            }
        } catch (IOException e) {
            notices.accept(spec.name() + " could not be started: " + e.getMessage());
            giveUp();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private @Nullable Process launch() throws IOException {
        Files.createDirectories(log.toAbsolutePath().getParent());
        ProcessBuilder builder = new ProcessBuilder(Detached.command(spec.command()))
                .directory(spec.directory().toFile())
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()))
                .redirectInput(ProcessBuilder.Redirect.from(Path.of("/dev/null").toFile()));
        builder.environment().clear();
        builder.environment().putAll(spec.environment());
        lock.lock();
        try {
            if (!wanted) {
                return null;
            }
            Process child = builder.start();
            guard.watch(spec.stopSignal(), child.pid());
            process = child;
            state = ProcessState.STARTING;
            changed.signalAll();
            return child;
        } finally {
            lock.unlock();
        }
    }

    private boolean untilReady(Process child) throws InterruptedException {
        Instant deadline = Instant.now().plus(spec.readyWithin());
        while (child.isAlive()) {
            if (answers()) {
                moveTo(ProcessState.READY);
                return true;
            }
            if (Instant.now().isAfter(deadline)) {
                notices.accept(spec.name() + " was not ready within "
                        + spec.readyWithin().toSeconds() + " s");
                child.destroyForcibly();
                return false;
            }
            if (child.waitFor(PROBE_MILLIS, TimeUnit.MILLISECONDS)) {
                return false;
            }
        }
        return false;
    }

    private boolean answers() {
        try {
            return spec.ready().ready();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        } catch (Exception e) {
            return false;
        }
    }

    /** Takes the state unless the process is no longer wanted; false then. */
    private boolean moveTo(ProcessState next) {
        return locked(() -> {
            if (!wanted) {
                state = ProcessState.STOPPED;
                changed.signalAll();
                return false;
            }
            if (next == ProcessState.RESTARTING) {
                restarts++;
            }
            state = next;
            changed.signalAll();
            return true;
        });
    }

    private void giveUp() {
        locked(() -> {
            wanted = false;
            state = ProcessState.FAILED;
            changed.signalAll();
            return null;
        });
    }

    private boolean pauseFor(long millis) throws InterruptedException {
        long left = TimeUnit.MILLISECONDS.toNanos(millis);
        lock.lockInterruptibly();
        try {
            while (wanted && left > 0) {
                left = changed.awaitNanos(left);
            }
            if (!wanted) {
                state = ProcessState.STOPPED;
                changed.signalAll();
            }
            return wanted;
        } finally {
            lock.unlock();
        }
    }

    private void joinKeeper() {
        Thread running = locked(() -> keeper);
        if (running != null && !running.equals(Thread.currentThread())) {
            try {
                running.join(Duration.ofSeconds(10));
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private static boolean awaitEnd(Process process, Duration atMost) {
        try {
            return ProcessEnd.within(process, atMost);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    private <T extends @Nullable Object> T locked(java.util.function.Supplier<T> action) {
        lock.lock();
        try {
            return action.get();
        } finally {
            lock.unlock();
        }
    }

    /** The command line as started, for status pages. */
    public List<String> command() {
        return spec.command();
    }
}
