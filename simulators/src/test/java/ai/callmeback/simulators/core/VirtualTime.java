package ai.callmeback.simulators.core;

import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.PriorityQueue;

/** Time that only passes when a test says so; the test's thread is the simulators' thread. */
public final class VirtualTime implements SimTime {
    private record Task(long deadlineNanos, long order, Runnable body) {}

    private final Instant start = Instant.parse("2026-03-01T12:00:00Z");
    private final PriorityQueue<Task> tasks =
            new PriorityQueue<>(Comparator.comparingLong(Task::deadlineNanos).thenComparingLong(Task::order));
    private long nowNanos;
    private long order;

    @Override
    public Instant now() {
        return start.plusNanos(nowNanos);
    }

    @Override
    public long nanoTime() {
        return nowNanos;
    }

    @Override
    public void execute(Runnable task) {
        at(nowNanos, task);
    }

    @Override
    public Timer at(long deadlineNanos, Runnable body) {
        Task task = new Task(deadlineNanos, order++, body);
        tasks.add(task);
        return () -> tasks.remove(task);
    }

    @Override
    public boolean onThread() {
        return true;
    }

    /** Runs everything that falls due within {@code duration}, each task at its own instant. */
    public void advance(Duration duration) {
        long until = nowNanos + duration.toNanos();
        while (!tasks.isEmpty() && tasks.peek().deadlineNanos() <= until) {
            Task task = tasks.remove();
            nowNanos = Math.max(nowNanos, task.deadlineNanos());
            task.body().run();
        }
        nowNanos = until;
    }

    /** Lets {@code duration} pass without running anything, as a stopped process does; what is due then runs late. */
    public void stall(Duration duration) {
        nowNanos += duration.toNanos();
    }
}
