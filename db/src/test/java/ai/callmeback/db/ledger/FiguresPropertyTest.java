package ai.callmeback.db.ledger;

import static ai.callmeback.db.ledger.LedgerFixture.get;
import static org.assertj.core.api.Assertions.assertThat;

import ai.callmeback.db.cost.CostInput;
import ai.callmeback.db.cost.CostRecorder;
import ai.callmeback.db.figures.Figure;
import ai.callmeback.db.figures.FigureEntry;
import ai.callmeback.db.figures.FigurePeriod;
import ai.callmeback.db.figures.FigureReport;
import ai.callmeback.db.figures.Figures;
import ai.callmeback.db.figures.Grain;
import ai.callmeback.db.testing.TestDatabase;
import ai.callmeback.domain.CallId;
import ai.callmeback.domain.Credits;
import ai.callmeback.domain.UsdMicros;
import ai.callmeback.domain.UserId;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.UUID;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.ShrinkingMode;
import net.jqwik.api.constraints.IntRange;

/**
 * Random histories of some days. Every figure, of every day and of the whole, is what {@link LedgerModel} says: what its
 * totals moved by on that day, or stood at in its end. And every figure is the sum of the entries shown behind it.
 */
class FiguresPropertyTest {
    private static final Duration MARGIN = Duration.ofDays(1);

    @Property(tries = 12, shrinking = ShrinkingMode.OFF)
    void figuresAreWhatHappened(@ForAll long seed, @ForAll @IntRange(min = 10, max = 60) int steps) {
        try (TestDatabase database = TestDatabase.fresh().open()) {
            History history = new History(database, seed);
            for (int step = 0; step < steps; step++) {
                history.step();
            }
            history.check();
        }
    }

    private static final class History {
        private final Random random;
        private final TestDatabase database;
        private final LedgerFixture ledger;
        private final CostRecorder costs;
        private final LedgerModel model = new LedgerModel();
        private final UserId user;
        private final Map<String, Long> fees = new HashMap<>();
        private final Map<String, Long> costOf = new HashMap<>();
        private final Map<Instant, Map<String, Long>> moved = new TreeMap<>();
        private final Map<Instant, Map<String, Long>> stood = new TreeMap<>();
        private Map<String, Long> before = Map.of();
        private int keys;

        History(TestDatabase database, long seed) {
            this.random = new Random(seed);
            this.database = database;
            this.ledger = new LedgerFixture(database);
            this.costs = CostRecorder.on(database.client(), ledger::now);
            this.user = ledger.user();
        }

        void step() {
            switch (random.nextInt(14)) {
                case 0, 1 -> grant();
                case 2, 3 -> hold();
                case 4, 5 -> capture();
                case 6 -> clawBack();
                case 7 -> undo();
                case 8 -> reverse();
                case 9 -> fee();
                case 10, 11 -> cost();
                default -> letTimePass();
            }
            note();
        }

        /** What the model's totals moved by belongs to the day on which it was booked. */
        private void note() {
            Map<String, Long> now = totals();
            Instant day = ledger.now().truncatedTo(ChronoUnit.DAYS);
            Map<String, Long> ofDay = moved.computeIfAbsent(day, key -> new HashMap<>());
            now.forEach((name, amount) -> ofDay.merge(name, amount - before.getOrDefault(name, 0L), Long::sum));
            stood.put(day, now);
            before = now;
        }

        private Map<String, Long> totals() {
            long paid = sum(grant -> grant.priceMicros);
            long earned = sum(LedgerModel.Grant::earnedMicros);
            long back = sum(LedgerModel.Grant::takenBackMicros);
            long refunded = sum(LedgerModel.Grant::refundedMicros);
            long spent = costOf.values().stream().mapToLong(Long::longValue).sum();
            long fee = fees.values().stream().mapToLong(Long::longValue).sum();
            long unused = sum(this::unused);
            Map<String, Long> totals = new HashMap<>(Map.of(
                    "cash_in", paid,
                    "cash_back", back,
                    "cash_receipts", paid - back,
                    "earned", earned,
                    "deferred", paid - earned - refunded,
                    "lost", back - refunded,
                    "costs", spent,
                    "fees", fee,
                    "unused_seconds", unused));
            totals.put("unused_free_seconds", sum(grant -> grant.priceMicros > 0 ? 0 : unused(grant)));
            totals.put("owed_seconds", (long) model.owed);
            totals.put("accrual_profit", earned - spent - fee);
            totals.put("projected_profit", paid - back - spent - fee - (paid - earned - refunded));
            costOf.forEach((vendor, amount) -> totals.put("cost_" + vendor, amount));
            return totals;
        }

        private long unused(LedgerModel.Grant grant) {
            return (long) grant.count(LedgerModel.Fate.AVAILABLE) + grant.count(LedgerModel.Fate.HELD);
        }

        private long sum(java.util.function.ToLongFunction<LedgerModel.Grant> amount) {
            return model.grants.stream().mapToLong(amount).sum();
        }

        private void grant() {
            int seconds = 1 + random.nextInt(400);
            long price = random.nextInt(4) == 0 ? 0 : 1 + random.nextInt(20_000_000);
            int priority = random.nextInt(3);
            Instant expiresAt =
                    random.nextBoolean() ? null : ledger.now().plus(Duration.ofHours(1 + random.nextInt(60)));
            ledger.advance(Duration.ofMillis(1));
            UUID id = ledger.grant(user, seconds, price, priority, expiresAt);
            model.grants.add(new LedgerModel.Grant(id, seconds, price, priority, expiresAt, model.grants.size()));
        }

        private void hold() {
            HoldRequest request = ledger.holdRequest(user, 1 + random.nextInt(300));
            boolean held =
                    model.hold(request.holdId(), (int) request.credits().seconds(), request.expiresAt(), ledger.now());
            assertThat(get(ledger.ledger().hold(request)))
                    .isInstanceOf(held ? HoldOutcome.Posted.class : Insufficient.class);
        }

        private void capture() {
            for (Map.Entry<UUID, LedgerModel.Hold> entry : model.holds.entrySet()) {
                LedgerModel.Hold hold = entry.getValue();
                int seconds = 1 + random.nextInt(300);
                if (hold.state == HoldState.OPEN) {
                    model.capture(hold, seconds, ledger.now());
                    ledger.capture(entry.getKey(), seconds);
                    return;
                } else if (hold.state == HoldState.EXPIRED && !hold.lateCharged) {
                    model.captureLate(hold, seconds, ledger.now());
                    ledger.capture(entry.getKey(), seconds);
                    return;
                }
            }
        }

        private void clawBack() {
            List<LedgerModel.Grant> paid =
                    model.grants.stream().filter(grant -> grant.priceMicros > 0).toList();
            if (!paid.isEmpty()) {
                LedgerModel.Grant grant = paid.get(random.nextInt(paid.size()));
                String key = "re_" + ++keys;
                long amount = 1 + random.nextLong(grant.priceMicros);
                boolean taken = model.clawBack(grant, key, amount);
                assertThat(get(ledger.corrections()
                                .clawBack(new ClawBackRequest(
                                        key, ClawBackKind.REFUND, grant.id, new UsdMicros(amount)))))
                        .isInstanceOf(taken ? ClawBackOutcome.Posted.class : ClawBackOutcome.Exceeds.class);
            }
        }

        private void undo() {
            for (LedgerModel.Grant grant : model.grants) {
                for (LedgerModel.ClawBack clawBack : grant.clawBacks) {
                    if (!clawBack.undone) {
                        var undone =
                                (UndoOutcome.Undone) get(ledger.corrections().undo(clawBack.key));
                        model.undo(grant, clawBack, (int) undone.broken().seconds(), ledger.now());
                        return;
                    }
                }
            }
        }

        private void reverse() {
            for (Map.Entry<UUID, LedgerModel.Hold> entry : model.holds.entrySet()) {
                int left = model.reversible(entry.getValue());
                if (entry.getValue().state == HoldState.CAPTURED && left > 0) {
                    ledger.advance(Duration.ofMillis(1));
                    int seconds = 1 + random.nextInt(left);
                    int replaced = model.reverse(entry.getValue(), seconds, ledger.now());
                    get(ledger.corrections()
                            .reverse(new ReverseRequest(
                                    entry.getKey(), "ap_" + ++keys, new Credits(seconds), "appeal")));
                    if (replaced > 0) {
                        model.grants.add(
                                new LedgerModel.Grant(UUID.randomUUID(), replaced, 0, 100, null, model.grants.size()));
                    }
                    return;
                }
            }
        }

        private void fee() {
            String payment = "pi_" + random.nextInt(4);
            long amount = random.nextInt(2_000_000);
            get(ledger.corrections().fee(payment, new UsdMicros(amount), false));
            fees.put(payment, amount);
        }

        private void cost() {
            int minutes = 1 + random.nextInt(15);
            int characters = random.nextInt(4_000);
            get(costs.record(
                    new CallId(UUID.randomUUID()),
                    ledger.now(),
                    List.of(
                            new CostInput("twilio", "voice", "", BigDecimal.valueOf(minutes), "minute", false),
                            new CostInput(
                                    "elevenlabs", "speech", "", BigDecimal.valueOf(characters), "character", true))));
            costOf.merge("twilio", minutes * 14_000L, Long::sum);
            costOf.merge("elevenlabs", characters * 150L, Long::sum);
        }

        private void letTimePass() {
            note();
            ledger.advance(Duration.ofMinutes(random.nextInt(20 * 60)));
            get(ledger.ledger().sweep(1_000));
            // A sweep looks once; what it gave back itself is found by a later one.
            while (!get(ledger.ledger().sweep(1_000)).collectedGrants().isEmpty()) {}
            model.sweep(ledger.now());
        }

        void check() {
            ledger.assertAuditClean();
            Instant first = LedgerFixture.START.truncatedTo(ChronoUnit.DAYS);
            // From the second day on, so that something stands before the range.
            Instant from = random.nextBoolean() ? first : first.plus(MARGIN);
            Instant until = ledger.now().truncatedTo(ChronoUnit.DAYS).plus(MARGIN.multipliedBy(2));
            Figures figures = new Figures(database.client());
            FigureReport report = get(figures.report(from, until, Grain.DAY, ledger.now()));
            Map<String, Long> all = new HashMap<>();
            Map<String, Long> standing = new HashMap<>();
            stood.entrySet().stream()
                    .filter(day -> day.getKey().isBefore(from))
                    .forEach(day -> standing.putAll(day.getValue()));
            for (FigurePeriod period : report.periods()) {
                Map<String, Long> ofDay = moved.getOrDefault(period.from(), Map.of());
                standing.putAll(stood.getOrDefault(period.from(), Map.of()));
                ofDay.forEach((name, amount) -> all.merge(name, amount, Long::sum));
                assertPeriod(period, ofDay, standing);
            }
            assertPeriod(report.total(), all, standing);
            for (Figure figure : report.total().figures()) {
                if (figure.drillable()) {
                    assertThat(entries(figures, figure.name(), from, until))
                            .as(figure.name())
                            .isEqualByComparingTo(figure.value());
                }
            }
        }

        private static void assertPeriod(FigurePeriod period, Map<String, Long> moved, Map<String, Long> standing) {
            for (String name : List.of(
                    "cash_in", "cash_back", "cash_receipts", "costs", "fees", "accrual_profit", "projected_profit")) {
                assertUsd(period, name, moved.getOrDefault(name, 0L), name);
            }
            assertUsd(period, "liability_change", moved.getOrDefault("deferred", 0L), "liability_change");
            assertUsd(period, "revenue and breakage", moved.getOrDefault("earned", 0L), "revenue", "breakage");
            assertUsd(period, "vendors", moved.getOrDefault("costs", 0L), "vendor_costs", "platform_costs");
            assertUsd(period, "lost", moved.getOrDefault("lost", 0L), "clawback_receivable_change", "concessions");
            assertUsd(period, "deferred", standing.getOrDefault("deferred", 0L), "deferred");
            for (String vendor : List.of("twilio", "elevenlabs")) {
                if (moved.getOrDefault("cost_" + vendor, 0L) != 0) {
                    assertUsd(period, vendor, moved.get("cost_" + vendor), "cost_" + vendor);
                }
            }
            for (String name : List.of("unused_seconds", "unused_free_seconds", "owed_seconds")) {
                assertThat(period.figure(name).value())
                        .as(name + " of " + period.from())
                        .isEqualByComparingTo(BigDecimal.valueOf(standing.getOrDefault(name, 0L)));
            }
            List<FigurePeriod.Step> bridge = period.bridge();
            assertThat(bridge.subList(0, bridge.size() - 1).stream()
                            .map(FigurePeriod.Step::usd)
                            .reduce(BigDecimal.ZERO, BigDecimal::add))
                    .as("the bridge of " + period.from())
                    .isEqualByComparingTo(bridge.getLast().usd());
        }

        private static void assertUsd(FigurePeriod period, String what, long micros, String... names) {
            BigDecimal sum = BigDecimal.ZERO;
            for (String name : names) {
                sum = sum.add(period.figure(name).value());
            }
            assertThat(sum).as(what + " of " + period.from()).isEqualByComparingTo(new UsdMicros(micros).toUsd());
        }

        private static BigDecimal entries(Figures figures, String name, Instant from, Instant until) {
            List<FigureEntry> found = new ArrayList<>();
            List<FigureEntry> page;
            do {
                page = get(figures.entries(name, from, until, found.size(), 7).collectList());
                found.addAll(page);
            } while (!page.isEmpty());
            return found.stream().map(FigureEntry::amount).reduce(BigDecimal.ZERO, BigDecimal::add);
        }
    }
}
