package ai.callmeback.dev.chaos.money;

import ai.callmeback.dev.Stack;
import ai.callmeback.dev.StackException;
import ai.callmeback.dev.chaos.money.KillPoint.Place;
import ai.callmeback.dev.client.SimulatorClient;
import ai.callmeback.dev.process.ManagedProcess;
import ai.callmeback.dev.process.ProcessState;
import java.io.IOException;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.stream.Collectors;

/** Kills one process after the other, each where the plan says if it comes by there, and waits until it is back. */
final class Killer {
    private static final Duration COMES_BY = Duration.ofSeconds(45);
    /** A call has to be made, talked and ended. */
    private static final Duration CALL_COMES_BY = Duration.ofSeconds(100);

    private static final Duration READY_WITHIN = Duration.ofSeconds(150);
    private static final long POLL_MILLIS = 10;
    private static final int HELD_MILLIS = 3_000;
    private static final int AFTER_WORK_MILLIS = 100;

    private final Stack stack;
    private final SimulatorClient simulators;
    private final Brakes brakes;
    private final Random random;
    private final Consumer<String> out;
    private final Set<String> reached = new TreeSet<>();
    private int kills;

    Killer(Stack stack, SimulatorClient simulators, Brakes brakes, Random random, Consumer<String> out) {
        this.stack = stack;
        this.simulators = simulators;
        this.brakes = brakes;
        this.random = random;
        this.out = out;
    }

    int kills() {
        return kills;
    }

    /** The places a process was killed at just there. */
    Set<String> reached() {
        return reached;
    }

    /** @param work begins what brings the process to the place; run once the trap is set */
    void strike(KillPoint point, boolean before, Runnable work)
            throws SQLException, IOException, InterruptedException, StackException {
        ManagedProcess victim = stack.process(point.process());
        int restarts = victim.restarts();
        boolean there = switch (point.place()) {
            case Place.Write write -> atWrite(point, before, work);
            case Place.Request request -> atRequest(request, point, before, work);
            case Place.Anywhere anywhere -> {
                work.run();
                TimeUnit.MILLISECONDS.sleep(random.nextInt(200, 4_000));
                stack.kill(point.process());
                yield true;
            }
        };
        kills++;
        String place = point.anywhere() ? point.name() : (before ? "before " : "after ") + point.name();
        if (there) {
            reached.add(place);
        }
        out.accept("kill " + kills + ": " + point.process() + (there ? ", " : ", nobody came by: ") + place);
        awaitStartedAgain(victim, restarts);
    }

    private boolean atWrite(KillPoint point, boolean before, Runnable work) throws SQLException, InterruptedException {
        try (Brakes.Brake brake = brakes.arm(point)) {
            work.run();
            Instant end = end(point);
            boolean caught = brake.caught();
            while (!caught && Instant.now().isBefore(end)) {
                TimeUnit.MILLISECONDS.sleep(POLL_MILLIS);
                caught = brake.caught();
            }
            stack.kill(point.process());
            if (before) {
                brake.undo();
            }
            return caught;
        }
    }

    private boolean atRequest(Place.Request request, KillPoint point, boolean before, Runnable work)
            throws IOException, InterruptedException {
        String fault = simulators
                .fault(Map.of(
                        "vendor",
                        request.vendor(),
                        "operation",
                        request.operation(),
                        "kind",
                        before ? "DELAY_WORK" : "DELAY",
                        "delayMillis",
                        HELD_MILLIS))
                .path("id")
                .asString();
        work.run();
        Instant end = end(point);
        while (waits(fault) && Instant.now().isBefore(end)) {
            TimeUnit.MILLISECONDS.sleep(POLL_MILLIS);
        }
        boolean struck = !waits(fault);
        if (!before) {
            TimeUnit.MILLISECONDS.sleep(AFTER_WORK_MILLIS);
        }
        stack.kill(point.process());
        if (!struck) {
            simulators.http().exchange("DELETE", "/control/faults/" + fault, null, Map.of());
        }
        return struck;
    }

    private boolean waits(String fault) throws IOException, InterruptedException {
        return simulators
                .http()
                .get("/control/faults")
                .valueStream()
                .anyMatch(each -> each.path("id").asString().equals(fault));
    }

    private static Instant end(KillPoint point) {
        return Instant.now().plus(point.need() == KillPoint.Need.CALL ? CALL_COMES_BY : COMES_BY);
    }

    private void awaitStartedAgain(ManagedProcess victim, int restarts) throws StackException, InterruptedException {
        Instant end = Instant.now().plus(READY_WITHIN);
        while (victim.restarts() == restarts || victim.state() != ProcessState.READY) {
            if (Instant.now().isAfter(end) || victim.state() == ProcessState.FAILED) {
                throw new StackException(victim.name() + " did not come back; its log is " + victim.log());
            }
            TimeUnit.MILLISECONDS.sleep(POLL_MILLIS);
        }
        List<String> down = stack.processes().stream()
                .filter(process -> process.state() != ProcessState.READY)
                .map(ManagedProcess::name)
                .collect(Collectors.toList());
        for (String name : down) {
            if (!stack.process(name).awaitReady(READY_WITHIN)) {
                throw new StackException(name + " did not come back; its log is "
                        + stack.process(name).log());
            }
        }
    }
}
