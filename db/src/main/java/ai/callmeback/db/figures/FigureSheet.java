package ai.callmeback.db.figures;

import ai.callmeback.db.figures.Basis.Costs;
import ai.callmeback.db.figures.Basis.Entries;
import ai.callmeback.db.figures.Basis.Sum;
import ai.callmeback.domain.UsdMicros;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** Works out the figures of one period from the facts. */
final class FigureSheet {
    private static final BigDecimal MINUTE = BigDecimal.valueOf(60);
    private static final int RATIO_PLACES = 4;
    private static final int USD_PLACES = 6;
    private static final int MEAN_PLACES = 1;

    private final List<Fact> ofPeriod;
    private final List<Fact> entriesUpToTheEnd;
    private final Instant from;
    private final Instant until;
    private final Trust trust;
    private final Map<String, Figure> figures = new LinkedHashMap<>();

    /** @param readAt when the facts were read */
    FigureSheet(List<Fact> facts, Instant from, Instant until, Instant readAt) {
        this.from = from;
        this.until = until;
        // Each figure goes through them again, and a year has many.
        this.ofPeriod = facts.stream().filter(this::within).toList();
        this.entriesUpToTheEnd = facts.stream()
                .filter(fact -> fact.isOf("ledger"))
                .filter(this::upToTheEnd)
                .toList();
        this.trust = new Trust(facts, from, until, readAt);
    }

    FigurePeriod work() {
        FigureBook.LINES.forEach(this::line);
        dynamic(FigureBook.COST_OF, Fact::a, fact -> fact.isOf("cost"));
        dynamic(
                FigureBook.UNCHARGED_FOR,
                Fact::c,
                fact -> fact.isOf("cost") && fact.b().equals(FigureBook.NOT_CHARGED));
        line("unused_paid_seconds", new Sum(List.of("unused_seconds"), List.of("unused_free_seconds")));
        calls();
        perMinute();
        trials();
        return new FigurePeriod(from, until, List.copyOf(figures.values()), bridge());
    }

    private void line(String name, Basis basis) {
        switch (basis) {
            case Entries entries -> {
                long amount = entries.sign()
                        * (entries.standing() ? entriesUpToTheEnd : ofPeriod)
                                .stream()
                                        .filter(entries::takes)
                                        .mapToLong(Fact::amount)
                                        .sum();
                add(name, entries.unit(), value(entries.unit(), amount), stateOf(name, entries), true);
            }
            case Costs costs -> {
                List<Fact> taken = ofPeriod.stream().filter(costs::takes).toList();
                long amount = taken.stream().mapToLong(Fact::amount).sum();
                add(name, FigureUnit.USD, value(FigureUnit.USD, amount), trust.ofCosts(taken), true);
            }
            case Sum sum -> {
                BigDecimal value = BigDecimal.ZERO;
                FigureState state = FigureState.RECONCILED;
                for (String term : sum.plus()) {
                    value = value.add(known(term));
                    state = state.weaker(figure(term).state());
                }
                for (String term : sum.minus()) {
                    value = value.subtract(known(term));
                    state = state.weaker(figure(term).state());
                }
                Figure first = figure(sum.plus().getFirst());
                put(new Figure(name, first.unit(), value, state, trust.time(state), sum.terms(), false));
            }
        }
    }

    private FigureState stateOf(String name, Entries entries) {
        if (entries.accounts().contains("cost") || entries.accounts().contains("payable")) {
            return trust.ofCosts(
                    ofPeriod.stream().filter(fact -> fact.isOf("cost")).toList());
        }
        return trust.of(name, entries);
    }

    /** A figure for each vendor, or reason, there is. */
    private void dynamic(String prefix, java.util.function.Function<Fact, String> part, Predicate<Fact> of) {
        TreeSet<String> parts = new TreeSet<>();
        ofPeriod.stream().filter(of).map(part).forEach(parts::add);
        parts.forEach(
                found -> line(prefix + found, FigureBook.find(prefix + found).orElseThrow()));
    }

    private void calls() {
        BigDecimal charged = count("calls_charged", "charged");
        BigDecimal uncharged = count("calls_not_charged", FigureBook.NOT_CHARGED);
        derived(
                "charge_rate",
                FigureUnit.RATIO,
                divided(charged, charged.add(uncharged), RATIO_PLACES),
                List.of("calls_charged", "calls_not_charged"));
        long connected = ofPeriod.stream()
                .filter(fact -> fact.isOf("call"))
                .mapToLong(Fact::n)
                .sum();
        long billed = ofPeriod.stream()
                .filter(fact -> fact.isOf("call"))
                .mapToLong(Fact::m)
                .sum();
        add("connected_seconds", FigureUnit.SECONDS, BigDecimal.valueOf(connected), trust.ofCalls(), false);
        add("billed_seconds", FigureUnit.SECONDS, BigDecimal.valueOf(billed), trust.ofCalls(), false);
        decisions();
    }

    /** Each decision there was, with its reason: how many calls, and how long they were connected on average. */
    private void decisions() {
        TreeMap<String, List<Fact>> byDecision = new TreeMap<>();
        ofPeriod.stream().filter(fact -> fact.isOf("call")).forEach(fact -> {
            byDecision.computeIfAbsent(fact.a(), none -> new ArrayList<>()).add(fact);
            byDecision
                    .computeIfAbsent(fact.a() + "_" + fact.c(), none -> new ArrayList<>())
                    .add(fact);
        });
        byDecision.forEach((decision, facts) -> {
            BigDecimal calls =
                    BigDecimal.valueOf(facts.stream().mapToLong(Fact::amount).sum());
            BigDecimal seconds =
                    BigDecimal.valueOf(facts.stream().mapToLong(Fact::n).sum());
            add("calls_" + decision, FigureUnit.COUNT, calls, trust.ofCalls(), false);
            BigDecimal mean = divided(seconds, calls, MEAN_PLACES);
            put(new Figure(
                    "mean_seconds_" + decision,
                    FigureUnit.SECONDS,
                    mean,
                    trust.ofCalls(),
                    trust.time(trust.ofCalls()),
                    List.of(),
                    false));
        });
    }

    private BigDecimal count(String name, String decision) {
        BigDecimal calls = BigDecimal.valueOf(ofPeriod.stream()
                .filter(fact -> fact.isOf("call") && fact.a().equals(decision))
                .mapToLong(Fact::amount)
                .sum());
        add(name, FigureUnit.COUNT, calls, trust.ofCalls(), false);
        return calls;
    }

    private void perMinute() {
        BigDecimal billed = known("billed_seconds");
        derived(
                "raw_cost_per_connected_minute",
                FigureUnit.USD_PER_MINUTE,
                divided(known("vendor_costs").multiply(MINUTE), known("connected_seconds"), USD_PLACES),
                List.of("vendor_costs", "connected_seconds"));
        BigDecimal loaded = divided(known("costs").add(known("fees")).multiply(MINUTE), billed, USD_PLACES);
        derived(
                "loaded_cost_per_billed_minute",
                FigureUnit.USD_PER_MINUTE,
                loaded,
                List.of("costs", "fees", "billed_seconds"));
        derived(
                "revenue_per_billed_minute",
                FigureUnit.USD_PER_MINUTE,
                divided(known("revenue").multiply(MINUTE), billed, USD_PLACES),
                List.of("revenue", "billed_seconds"));
        derived(
                "cost_to_serve_unused",
                FigureUnit.USD,
                loaded == null
                        ? null
                        : loaded.multiply(known("unused_seconds")).divide(MINUTE, USD_PLACES, RoundingMode.HALF_EVEN),
                List.of("loaded_cost_per_billed_minute", "unused_seconds"));
    }

    private void trials() {
        List<Fact> trials = ofPeriod.stream().filter(fact -> fact.isOf("trial")).toList();
        BigDecimal people =
                BigDecimal.valueOf(trials.stream().mapToLong(Fact::amount).sum());
        BigDecimal paid = BigDecimal.valueOf(trials.stream().mapToLong(Fact::n).sum());
        add("trial_people", FigureUnit.COUNT, people, trust.ofMoney(), false);
        add("trial_people_who_paid", FigureUnit.COUNT, paid, trust.ofMoney(), false);
        derived(
                "trial_conversion",
                FigureUnit.RATIO,
                divided(paid, people, RATIO_PLACES),
                List.of("trial_people", "trial_people_who_paid"));
    }

    /**
     * Every posting sums to zero, so what cash brought and is neither owed nor earned is in the other accounts. All of them
     * are taken, so the bridge closes whatever kinds of posting there will be.
     */
    private List<FigurePeriod.Step> bridge() {
        List<FigurePeriod.Step> steps = new ArrayList<>();
        steps.add(new FigurePeriod.Step("accrual_profit", known("accrual_profit")));
        TreeSet<String> others = new TreeSet<>();
        ofPeriod.stream()
                .filter(fact -> fact.isOf("ledger") && fact.c().equals("usd_micro"))
                .map(Fact::b)
                .filter(account -> !BRIDGED.contains(account))
                .forEach(others::add);
        for (String account : others) {
            steps.add(new FigurePeriod.Step(account, value(FigureUnit.USD, -sum(account))));
        }
        steps.add(new FigurePeriod.Step("projected_profit", known("projected_profit")));
        return steps;
    }

    private static final java.util.Set<String> BRIDGED =
            java.util.Set.of("cash", "liability", "revenue", "breakage", "cost", "payable", "fees");

    private long sum(String account) {
        Entries entries = Entries.moved(account, 1);
        return ofPeriod.stream().filter(entries::takes).mapToLong(Fact::amount).sum();
    }

    private void add(String name, FigureUnit unit, BigDecimal value, FigureState state, boolean drillable) {
        put(new Figure(name, unit, value, state, trust.time(state), List.of(), drillable));
    }

    private void derived(String name, FigureUnit unit, @Nullable BigDecimal value, List<String> of) {
        FigureState state =
                of.stream().map(term -> figure(term).state()).reduce(FigureState.RECONCILED, FigureState::weaker);
        put(new Figure(name, unit, value, state, trust.time(state), of, false));
    }

    private void put(Figure figure) {
        figures.put(figure.name(), figure);
    }

    private Figure figure(String name) {
        return Objects.requireNonNull(figures.get(name), name);
    }

    private BigDecimal known(String name) {
        return Objects.requireNonNull(figure(name).value(), name);
    }

    private boolean within(Fact fact) {
        Instant period = fact.period();
        return period != null && !period.isBefore(from) && period.isBefore(until);
    }

    private boolean upToTheEnd(Fact fact) {
        Instant period = fact.period();
        return period == null || period.isBefore(until);
    }

    private static BigDecimal value(FigureUnit unit, long amount) {
        return unit == FigureUnit.USD ? new UsdMicros(amount).toUsd() : BigDecimal.valueOf(amount);
    }

    private static @Nullable BigDecimal divided(BigDecimal part, BigDecimal whole, int places) {
        return whole.signum() == 0 ? null : part.divide(whole, places, RoundingMode.HALF_EVEN);
    }
}
