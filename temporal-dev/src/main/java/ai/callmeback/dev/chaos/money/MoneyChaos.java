package ai.callmeback.dev.chaos.money;

import ai.callmeback.dev.Stack;
import ai.callmeback.dev.StackException;
import ai.callmeback.dev.chaos.ChaosAccount;
import ai.callmeback.dev.chaos.ObservedCall;
import ai.callmeback.dev.client.ApiClient;
import ai.callmeback.dev.client.SimulatorClient;
import java.io.IOException;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;

/**
 * People buy, subscribe, are topped up, are called, get their money back and dispute, while processes are killed at what they write and what they ask
 * of vendors, webhooks are lost, doubled and shuffled, and the payment vendor's clock is off. Then our books are held against
 * the vendors' journals.
 *
 * <p>The seed draws who buys what and what becomes of it, the order of the kills, the faults and the clock; what happens side
 * by side is the machine's.
 */
public final class MoneyChaos {
    private static final int CALLS_AT_ONCE = 5;
    private static final int SECONDS_A_CALL = 180;
    private static final int MOST_PURCHASES = 1000;
    private static final int MOST_CALLS = 300;
    private static final int MOST_KILLS = 500;
    /** A dial nobody knows the outcome of is made again after five minutes. */
    private static final Duration CALL_WITHIN = Duration.ofMinutes(12);

    /** So many may register from one address in a quarter of an hour, and no more. */
    private static final Duration REGISTERED_WITHIN = Duration.ofMinutes(16);

    private static final Duration BOOKED_WITHIN = Duration.ofMinutes(4);
    private static final Duration BUYERS_WITHIN = Duration.ofMinutes(25);
    private static final long TELL_EVERY_SECONDS = 20;
    private static final int TOLD = 4;

    private final Stack stack;
    private final Options options;
    private final Consumer<String> out;
    private final SimulatorClient simulators;
    private final ApiClient api;
    private final PaymentDesk desk;
    private final String run = "chaos-" + UUID.randomUUID();
    private final Semaphore lines = new Semaphore(CALLS_AT_ONCE);
    private final List<String> unfinished = Collections.synchronizedList(new ArrayList<>());
    private final List<String> calls = Collections.synchronizedList(new ArrayList<>());
    private final Set<String> going = ConcurrentHashMap.newKeySet();
    private final AtomicInteger placed = new AtomicInteger();
    private final ExecutorService people = Executors.newVirtualThreadPerTaskExecutor();

    /** How much goes on, how many kills, and what draws them. */
    public record Options(int purchases, int calls, int kills, long seed) {
        public Options {
            within("purchases", purchases, MOST_PURCHASES);
            within("calls", calls, MOST_CALLS);
            within("kills", kills, MOST_KILLS);
        }

        private static void within(String what, int number, int most) {
            if (number < 0 || number > most) {
                throw new IllegalArgumentException("0 to " + most + " " + what + ", not " + number);
            }
        }
    }

    /** @param out told line by line what happens */
    public MoneyChaos(Stack stack, Options options, Consumer<String> out) throws IOException, InterruptedException {
        this.stack = stack;
        this.options = options;
        this.out = out;
        this.simulators = ObservedCall.simulators(stack);
        this.api = ApiClient.demoUser(stack.endpoints().api());
        this.desk = new PaymentDesk(simulators);
    }

    /** Runs to the end: about twenty seconds for each kill, and some minutes until what was lost has been made up for. */
    public MoneyReport run() throws StackException, IOException, InterruptedException {
        Instant began = Instant.now();
        String database = stack.endpoints().databaseUrl();
        try (people) {
            prepare(database);
            Brakes brakes = new Brakes(database);
            brakes.install();
            Killer killer = new Killer(stack, simulators, brakes, new Random(options.seed() + 1), out);
            Plan plan = Plan.of(options);
            for (Plan.Round round : plan.rounds()) {
                disturb(round);
                KillPoint point = round.point();
                if (point == null) {
                    begin(round);
                } else {
                    killer.strike(point, round.before(), () -> begin(round));
                }
            }
            calm();
            out.accept(killer.kills() + " kills, " + killer.reached().size() + " kinds of them at a chosen place; "
                    + notDone());
            awaitPeople();
            return report(killer.kills(), new MoneyJudge(new Books(database), simulators, api, began));
        } catch (SQLException e) {
            throw new IOException("the database of this run: " + e.getMessage(), e);
        }
    }

    private void prepare(String database) throws IOException, InterruptedException {
        simulators.http().put("/control/twilio", Map.of("callsPerSecond", 100, "priceDelayMillis", 500));
        simulators.http().put("/control/stripe", Map.of("feeDelayMillis", 0));
        ChaosAccount.provide(database, 3);
        // Calls are paid with what was bought: one payment that comes before all others.
        int seconds = Math.max(1, options.calls() * SECONDS_A_CALL);
        if (options.calls() > 0 && options.purchases() > 0) {
            new Buyer(api, desk, run)
                    .buy(new Wish(0, "pack_100", Math.min(10, Math.ceilDiv(seconds, 6_000)), Fate.REFUNDED, 1));
        } else if (options.calls() > 0) {
            ChaosAccount.provide(database, Math.ceilDiv(seconds, 60));
        }
    }

    private void disturb(Plan.Round round) throws IOException, InterruptedException {
        Patience.until("disturbed", Duration.ofMinutes(1), () -> {
            simulators.clearFaults();
            simulators.http().put("/control/stripe", Map.of("clockAheadSeconds", round.clockAheadSeconds()));
            for (Map<String, Object> fault : round.faults()) {
                simulators.fault(fault);
            }
            return Optional.of(round);
        });
    }

    private void calm() throws IOException, InterruptedException {
        simulators.clearFaults();
        simulators.http().put("/control/stripe", Map.of("clockAheadSeconds", 0));
    }

    private void begin(Plan.Round round) {
        for (Wish wish : round.wishes()) {
            person(wish.toString(), () -> {
                buy(wish);
                return null;
            });
        }
        for (int i = 0; i < round.calls(); i++) {
            int number = placed.incrementAndGet();
            person("call " + number, () -> {
                call(number);
                return null;
            });
        }
    }

    private void buy(Wish wish) throws IOException, InterruptedException {
        switch (wish.fate().trade()) {
            case SINGLE -> new Buyer(api, desk, run).buy(wish);
            case PLAN -> new Subscriber(newcomer(wish), desk, run + "-plan-" + wish.number()).subscribe(wish);
            case TOP_UP -> new Topper(newcomer(wish), desk).topUp(wish);
        }
    }

    /** Plans and auto top-ups are one a person. */
    private ApiClient newcomer(Wish wish) throws IOException, InterruptedException {
        String email = run + "-" + wish.number() + "@example.com";
        return Patience.until(
                "signed in",
                REGISTERED_WITHIN,
                () -> Optional.of(ApiClient.newcomer(stack.endpoints().api(), email)));
    }

    private void person(String name, Callable<Void> life) {
        going.add(name);
        people.execute(() -> {
            try {
                life.call();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                unfinished.add(name + ": interrupted");
            } catch (Exception e) {
                unfinished.add(name + ": " + e.getMessage());
            } finally {
                going.remove(name);
            }
        });
    }

    private void call(int number) throws IOException, InterruptedException {
        lines.acquire();
        try {
            String phone = "+1415557%04d".formatted(number);
            String id = Patience.until("asked for", CALL_WITHIN, () -> {
                simulators.script(phone, Talk.script(new Random(options.seed() * 1_000_003 + number)));
                return Optional.of(api.placeCall(
                                Map.of("personaId", "brad_001", "phoneNumber", phone, "durationMinutes", 3),
                                run + "-call-" + number)
                        .path("id")
                        .asString());
            });
            calls.add(id);
            Patience.until(
                    "settled",
                    CALL_WITHIN,
                    () -> api.call(id).path("terminal").asBoolean() ? Optional.of(id) : Optional.empty());
        } finally {
            lines.release();
        }
    }

    private void awaitPeople() throws InterruptedException {
        people.shutdown();
        Instant end = Instant.now().plus(BUYERS_WITHIN);
        while (!people.awaitTermination(TELL_EVERY_SECONDS, TimeUnit.SECONDS)
                && Instant.now().isBefore(end)) {
            out.accept(notDone());
        }
        people.shutdownNow();
        people.awaitTermination(TELL_EVERY_SECONDS, TimeUnit.SECONDS);
    }

    private String notDone() {
        List<String> names = going.stream().sorted().limit(TOLD).toList();
        return going.size() + " people are not done" + (names.isEmpty() ? "" : ": " + String.join(", ", names));
    }

    /** What is booked behind what people see is given its time. */
    private MoneyReport report(int kills, MoneyJudge judge) throws IOException, InterruptedException {
        Instant end = Instant.now().plus(BOOKED_WITHIN);
        List<String> ids = List.copyOf(calls);
        MoneyJudge.Judgement judgement = judge.judge(ids);
        Instant told = Instant.now();
        while (!judgement.clean() && Instant.now().isBefore(end)) {
            if (told.plusSeconds(TELL_EVERY_SECONDS).isBefore(Instant.now())) {
                out.accept(
                        judgement.differences().size() + " differences left, " + judgement.openHolds() + " holds open");
                told = Instant.now();
            }
            TimeUnit.SECONDS.sleep(1);
            judgement = judge.judge(ids);
        }
        return new MoneyReport(
                kills,
                options.purchases(),
                ids.size(),
                judgement.duplicates(),
                judgement.lost(),
                judgement.openHolds(),
                judgement.differences(),
                judgement.micros(),
                List.copyOf(unfinished),
                judgement.violations());
    }
}
