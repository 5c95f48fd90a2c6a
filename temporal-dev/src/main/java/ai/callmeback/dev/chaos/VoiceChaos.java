package ai.callmeback.dev.chaos;

import ai.callmeback.dev.Stack;
import ai.callmeback.dev.StackException;
import ai.callmeback.dev.chaos.ChaosReport.Case;
import ai.callmeback.dev.client.ApiClient;
import ai.callmeback.dev.client.SimulatorClient;
import ai.callmeback.dev.process.ManagedProcess;
import ai.callmeback.dev.process.ProcessState;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import tools.jackson.databind.JsonNode;

/**
 * Simulated callers talk with personas, and voice workers die under them or are drained, each in the middle of a sentence of
 * one of the callers' personas. What the callers noticed is read from their phones' own record.
 *
 * <p>The seed draws what the callers say, what is done and how far into a sentence; which worker it hits follows from the
 * calls that run. A worker that was hit is up again before the next one is.
 */
public final class VoiceChaos {
    /** More callers than this come in turns: so many are a lively worker's, and leave a small machine its breath. */
    static final int CALLERS_AT_ONCE = 20;

    /** As many fit into the longest call there is. */
    static final int FAULTS_IN_A_CALL = 25;

    private static final List<Integer> MINUTES = List.of(3, 5, 10, 15);
    private static final int SECONDS_A_FAULT = 30;
    private static final int SECONDS_AROUND = 90;
    private static final Duration TALKING_WITHIN = Duration.ofSeconds(60);
    private static final Duration SENTENCE_WITHIN = Duration.ofSeconds(60);
    private static final Duration READY_WITHIN = Duration.ofSeconds(150);
    private static final Duration SETTLED_WITHIN = Duration.ofSeconds(90);
    private static final Duration TALK_AFTER = Duration.ofSeconds(12);
    private static final long POLL_MILLIS = 40;

    private final Stack stack;
    private final Options options;
    private final Consumer<String> out;
    private final SimulatorClient simulators;
    private final Random random;
    private final List<Struck> struck = new ArrayList<>();

    /** How many calls, how many faults in all, and what draws them. */
    public record Options(int calls, int kills, long seed) {
        public Options {
            if (calls < 1 || calls > 1000) {
                throw new IllegalArgumentException("1 to 1000 calls, not " + calls);
            }
            if (kills < 0 || kills > FAULTS_IN_A_CALL * (long) calls) {
                throw new IllegalArgumentException(
                        "0 to " + FAULTS_IN_A_CALL + " kills for each call, not " + kills + " in all");
            }
        }

        int turns() {
            return Math.max(Math.ceilDiv(calls, CALLERS_AT_ONCE), Math.ceilDiv(kills, FAULTS_IN_A_CALL));
        }
    }

    private record Live(String name, ObservedCall call, String callSid, Instant answered) {}

    private record Struck(FaultKind kind, int port, Instant at) {}

    private record Target(Live live, String worker) {}

    /** @param out told line by line what happens */
    public VoiceChaos(Stack stack, Options options, Consumer<String> out) {
        this.stack = stack;
        this.options = options;
        this.out = out;
        this.simulators = ObservedCall.simulators(stack);
        this.random = new Random(options.seed());
    }

    /** Runs to the end, which takes about half a minute for each fault. */
    public ChaosReport run() throws StackException, IOException, InterruptedException {
        simulators.http().put("/control/twilio", Map.of("callsPerSecond", 100));
        ChaosAccount.provide(stack.endpoints().databaseUrl(), MINUTES.getLast() * (options.calls() + 1));
        List<FaultKind> kinds = kinds(options.kills(), random);
        List<Case> cases = new ArrayList<>();
        int turns = options.turns();
        for (int turn = 0; turn < turns; turn++) {
            int from = options.calls() * turn / turns;
            int to = options.calls() * (turn + 1) / turns;
            List<FaultKind> faults = kinds.subList(kinds.size() * turn / turns, kinds.size() * (turn + 1) / turns);
            cases.addAll(turn(from, to, faults));
        }
        return ChaosReport.of(cases, struck.size(), ledger());
    }

    /** Of two and more, both kinds. */
    static List<FaultKind> kinds(int kills, Random random) {
        List<FaultKind> kinds = new ArrayList<>();
        for (int i = 0; i < kills; i++) {
            boolean death = i < 2 ? i == 0 : random.nextBoolean();
            kinds.add(death ? FaultKind.DEATH : FaultKind.DRAIN);
        }
        Collections.shuffle(kinds, random);
        return kinds;
    }

    private List<Case> turn(int from, int to, List<FaultKind> faults)
            throws StackException, IOException, InterruptedException {
        List<ObservedCall> calls = new ArrayList<>();
        for (int i = from; i < to; i++) {
            calls.add(ObservedCall.place(
                    stack,
                    new ObservedCall.Request(
                            "+1415556%04d".formatted(i),
                            "answer",
                            Callers.script(new Random(options.seed() * 1_000_003 + i)),
                            minutes(faults.size()),
                            null)));
        }
        out.accept(calls.size() + " calls asked for");
        List<Live> live = new ArrayList<>();
        for (int i = 0; i < calls.size(); i++) {
            awaitTalking("caller " + (from + i + 1), calls.get(i)).ifPresent(live::add);
        }
        out.accept(live.size() + " callers talk");
        for (FaultKind kind : faults) {
            strike(kind, live);
        }
        TimeUnit.MILLISECONDS.sleep(TALK_AFTER.toMillis());
        for (Live each : live) {
            hangUpInMidSentence(each);
        }
        out.accept("all have put down the receiver");
        return cases(from, calls, live);
    }

    private static int minutes(int faults) {
        int seconds = faults * SECONDS_A_FAULT + SECONDS_AROUND;
        return MINUTES.stream()
                .filter(minutes -> minutes * 60 >= seconds)
                .findFirst()
                .orElse(MINUTES.getLast());
    }

    private Optional<Live> awaitTalking(String name, ObservedCall call) throws IOException, InterruptedException {
        Instant until = Instant.now().plus(TALKING_WITHIN);
        while (Instant.now().isBefore(until)) {
            Optional<Instant> answered = CallRecords.answeredAt(call);
            Optional<JsonNode> phone = call.newestPhoneCall();
            if (answered.isPresent() && phone.isPresent()) {
                return Optional.of(
                        new Live(name, call, phone.get().path("callSid").asString(), answered.get()));
            }
            pause(POLL_MILLIS);
        }
        out.accept(name + " was not called within " + TALKING_WITHIN.toSeconds() + " s");
        return Optional.empty();
    }

    // ---- faults ----------------------------------------------------------------------------------------------------

    private void strike(FaultKind kind, List<Live> live) throws StackException, IOException, InterruptedException {
        pause(random.nextInt(2_000, 5_000));
        Target target = awaitSentence(live, random.nextInt(3, 12));
        ManagedProcess worker = stack.process(target.worker());
        int restarts = worker.restarts();
        struck.add(new Struck(kind, stack.portOf(target.worker()), Instant.now()));
        if (kind == FaultKind.DEATH) {
            stack.kill(target.worker());
        } else {
            stack.drain(target.worker());
        }
        out.accept("fault " + struck.size() + " of " + options.kills() + ": "
                + (kind == FaultKind.DEATH ? "killed " : "draining ") + target.worker() + " while the persona of "
                + target.live().name() + " was in the middle of a sentence");
        awaitStartedAgain(worker, restarts);
    }

    /** A call whose persona has said so many words without a pause, and the worker that speaks. */
    private Target awaitSentence(List<Live> live, int words) throws StackException, IOException, InterruptedException {
        List<Live> order = new ArrayList<>(live);
        Collections.shuffle(order, random);
        Instant until = Instant.now().plus(SENTENCE_WITHIN);
        while (Instant.now().isBefore(until)) {
            for (Live each : order) {
                if (WordMatch.words(hearing(each)).size() >= words) {
                    Optional<String> worker = each.call().mediaOwner();
                    if (worker.isPresent()) {
                        return new Target(each, worker.get());
                    }
                }
            }
            pause(POLL_MILLIS);
        }
        throw new StackException("no persona said " + words + " words without a pause within "
                + SENTENCE_WITHIN.toSeconds() + " s: the calls are silent");
    }

    /** What the phone is hearing without a pause; nothing once the call is over. */
    private String hearing(Live live) throws IOException, InterruptedException {
        return simulators
                .http()
                .get("/control/calls/" + live.callSid())
                .path("hearing")
                .asString();
    }

    private void awaitStartedAgain(ManagedProcess worker, int restarts) throws StackException, InterruptedException {
        Instant began = Instant.now();
        while (worker.restarts() == restarts || worker.state() != ProcessState.READY) {
            if (Instant.now().isAfter(began.plus(READY_WITHIN)) || worker.state() == ProcessState.FAILED) {
                throw new StackException(worker.name() + " did not come back; its log is " + worker.log());
            }
            pause(POLL_MILLIS);
        }
        out.accept("  " + worker.name() + " takes calls again after "
                + Duration.between(began, Instant.now()).toMillis() / 1000 + " s");
    }

    // ---- the end ---------------------------------------------------------------------------------------------------

    private void hangUpInMidSentence(Live live) throws IOException, InterruptedException {
        Instant until = Instant.now().plus(Duration.ofSeconds(10));
        while (hearing(live).isBlank() && Instant.now().isBefore(until)) {
            pause(POLL_MILLIS);
        }
        boolean talking = simulators
                .http()
                .get("/control/calls/" + live.callSid())
                .path("state")
                .asString()
                .equals("talking");
        if (talking) {
            live.call().hangUp();
        } else {
            out.accept(live.name() + " was cut off before");
        }
    }

    private List<Case> cases(int from, List<ObservedCall> calls, List<Live> live)
            throws IOException, InterruptedException {
        List<Case> cases = new ArrayList<>();
        for (int i = 0; i < calls.size(); i++) {
            ObservedCall call = calls.get(i);
            awaitSettled(call);
            Instant answered = live.stream()
                    .filter(each -> each.call().id().equals(call.id()))
                    .map(Live::answered)
                    .findFirst()
                    .orElseGet(Instant::now);
            cases.add(new Case(CallRecords.read("caller " + (from + i + 1), call, answered), onClockOf(answered)));
        }
        return cases;
    }

    private List<CallRecord.Fault> onClockOf(Instant answered) {
        return struck.stream()
                .map(fault -> new CallRecord.Fault(
                        fault.kind(),
                        fault.port(),
                        Duration.between(answered, fault.at()).toMillis()))
                .toList();
    }

    /** A call that is not settled in time is judged as it stands. */
    private static void awaitSettled(ObservedCall call) throws IOException, InterruptedException {
        Instant until = Instant.now().plus(SETTLED_WITHIN);
        while (Instant.now().isBefore(until)) {
            JsonNode view = call.view();
            if (view.path("terminal").asBoolean()
                    && view.path("settlement").path("settledAt").isString()) {
                return;
            }
            pause(200);
        }
    }

    private List<String> ledger() throws IOException, InterruptedException {
        JsonNode audit = ApiClient.demoUser(stack.endpoints().api()).audit();
        return audit.path("ok").asBoolean()
                ? List.of()
                : audit.path("violations")
                        .valueStream()
                        .map(violation -> "ledger: " + violation)
                        .toList();
    }

    private static void pause(long millis) throws InterruptedException {
        TimeUnit.MILLISECONDS.sleep(millis);
    }
}
