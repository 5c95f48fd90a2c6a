package ai.callmeback.dev.eval.turns;

import ai.callmeback.dev.eval.turns.EndpointTrial.Setting;
import ai.callmeback.dev.eval.turns.Scenario.Moment;
import ai.callmeback.dev.eval.turns.Scenario.Piece;
import ai.callmeback.dev.eval.turns.Scenario.UserTurn;
import ai.callmeback.vendors.stt.SttOptions;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.stream.LongStream;

/**
 * Measures turn taking over all scenarios: each as a whole call with the product's own settings, and each turn of the
 * caller alone at several settings, which gives the trade between speed and false cut-offs.
 *
 * <p>A <em>false cut-off</em> is a turn that was ended before its last word was said. A setting keeps a <em>budget</em> if
 * half of the turns end within it after their last word, the vendor's delay included. Settings are chosen on the tuned
 * scenarios alone; those set aside are measured at what was chosen.
 */
public final class TurnsEval {
    private static final List<Setting> SETTINGS = List.of(
            new Setting(0.7, 0.3),
            new Setting(0.7, 0.35),
            new Setting(0.7, 0.4),
            new Setting(0.7, 0.45),
            new Setting(0.7, 0.5),
            new Setting(0.7, 0.6),
            new Setting(0.75, 0.7),
            new Setting(0.8, 0.75),
            new Setting(0.85, 0.8),
            new Setting(0.9, 0.85));
    private static final double ALLOWED_CUTOFF_PERCENT = 5;

    private final List<Scenario> scenarios;
    private final Consumer<String> progress;

    public TurnsEval(long seed, Consumer<String> progress) {
        this.scenarios = ScenarioFile.read(seed);
        this.progress = progress;
    }

    /** Median and 95th percentile; 0 if nothing was measured. */
    public record Percentiles(long p50, long p95) {}

    /** What a group of scenarios showed; "in force" are the product's own thresholds. */
    public record Result(
            int scenarios,
            int turns,
            double falseCutoffPercentAt300ms,
            double falseCutoffPercentAt600ms,
            long endOfTurnMsAt5PercentCutoffs,
            double falseCutoffPercentInForce,
            long endOfTurnMsInForce,
            Percentiles bargeInStopMs,
            int heardTextWordErrors,
            int deadAirOver2s,
            int backchannelsTaken) {}

    /** All scenarios, and the two groups they fall into. */
    public record Report(Result all, Result tuned, Result setAside, Map<String, Result> kinds) {}

    private record Trial(boolean setAside, String kind, EndpointTrial.Outcome outcome) {}

    private record Call(Scenario scenario, EvalCall.Outcome outcome) {}

    /** Runs everything on all processors. */
    public Report run() {
        try (ExecutorService threads =
                Executors.newFixedThreadPool(Runtime.getRuntime().availableProcessors())) {
            List<Call> calls = calls(threads);
            Map<Setting, List<Trial>> trials = new LinkedHashMap<>();
            for (Setting setting : SETTINGS) {
                trials.put(setting, trials(setting, threads));
                progress.accept("turns alone, thresholds %.2f and %.2f".formatted(setting.end(), setting.eager()));
            }
            Curve curve = new Curve(trials);
            Map<String, Result> kinds = new LinkedHashMap<>();
            scenarios.stream()
                    .map(Scenario::kind)
                    .distinct()
                    .forEach(kind -> kinds.put(
                            kind,
                            result(
                                    calls,
                                    curve,
                                    s -> s.kind().equals(kind),
                                    t -> t.kind().equals(kind))));
            return new Report(
                    result(calls, curve, s -> true, t -> true),
                    result(calls, curve, s -> !s.setAside(), t -> !t.setAside()),
                    result(calls, curve, Scenario::setAside, Trial::setAside),
                    kinds);
        }
    }

    private List<Call> calls(ExecutorService threads) {
        List<Future<Call>> running = new ArrayList<>();
        for (Scenario scenario : scenarios) {
            running.add(threads.submit(() -> new Call(scenario, EvalCall.run(scenario))));
        }
        List<Call> done = new ArrayList<>();
        for (Future<Call> call : running) {
            done.add(get(call));
            if (done.size() % 50 == 0 || done.size() == running.size()) {
                progress.accept("%d of %d calls".formatted(done.size(), running.size()));
            }
        }
        return done;
    }

    private List<Trial> trials(Setting setting, ExecutorService threads) {
        List<Future<Trial>> running = new ArrayList<>();
        for (Scenario scenario : scenarios) {
            for (UserTurn turn : scenario.turns()) {
                if (turn.moment() == Moment.AFTER && turn.pieces().stream().anyMatch(Piece.Words.class::isInstance)) {
                    running.add(threads.submit(() -> new Trial(
                            scenario.setAside(), scenario.kind(), EndpointTrial.run(turn, setting, scenario.seed()))));
                }
            }
        }
        return running.stream().map(TurnsEval::get).toList();
    }

    private static <T> T get(Future<T> future) {
        try {
            return future.get();
        } catch (ExecutionException e) {
            throw new IllegalStateException("a scenario failed: " + e.getCause(), e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted", e);
        }
    }

    private static Result result(List<Call> all, Curve curve, Predicate<Scenario> in, Predicate<Trial> trialIn) {
        List<Call> calls = all.stream().filter(call -> in.test(call.scenario())).toList();
        return new Result(
                calls.size(),
                calls.stream().mapToInt(call -> call.outcome().answeredTurns()).sum(),
                curve.cutOffPercent(curve.within(300), trialIn),
                curve.cutOffPercent(curve.within(600), trialIn),
                curve.medianMillis(curve.cuttingAtMost(ALLOWED_CUTOFF_PERCENT), trialIn),
                curve.cutOffPercent(inForce(), trialIn),
                curve.medianMillis(inForce(), trialIn),
                percentiles(calls.stream()
                        .flatMap(call -> call.outcome().bargeInStopMillis().stream())
                        .mapToLong(Long::longValue)),
                calls.stream()
                        .mapToInt(call -> call.outcome().heardTextWordErrors())
                        .sum(),
                calls.stream().mapToInt(call -> call.outcome().deadAir()).sum(),
                calls.stream()
                        .mapToInt(call -> call.outcome().backchannelsTaken())
                        .sum());
    }

    private static Setting inForce() {
        SttOptions product = SttOptions.flux();
        Double eager = product.eagerEndOfTurnThreshold();
        return new Setting(product.endOfTurnThreshold(), eager == null ? 0 : eager);
    }

    private static Percentiles percentiles(LongStream values) {
        long[] sorted = values.sorted().toArray();
        return sorted.length == 0
                ? new Percentiles(0, 0)
                : new Percentiles(sorted[(sorted.length - 1) / 2], sorted[(int) Math.ceil(0.95 * sorted.length) - 1]);
    }

    /** Speed against certainty, by setting. */
    private record Curve(Map<Setting, List<Trial>> trials) {
        /** Of the settings that keep the budget in the tuned group, the one that cuts off least; else the fastest. */
        Setting within(long budgetMillis) {
            return best(
                    setting -> medianMillis(setting, Curve::isTuned) <= budgetMillis,
                    setting -> cutOffPercent(setting, Curve::isTuned),
                    setting -> medianMillis(setting, Curve::isTuned));
        }

        /** Of the settings that cut off so few turns of the tuned group, the fastest; else the one that cuts off least. */
        Setting cuttingAtMost(double percent) {
            return best(
                    setting -> cutOffPercent(setting, Curve::isTuned) <= percent,
                    setting -> medianMillis(setting, Curve::isTuned),
                    setting -> cutOffPercent(setting, Curve::isTuned));
        }

        private Setting best(
                Predicate<Setting> fits,
                java.util.function.ToDoubleFunction<Setting> cost,
                java.util.function.ToDoubleFunction<Setting> costIfNoneFits) {
            List<Setting> fitting = trials.keySet().stream().filter(fits).toList();
            boolean some = !fitting.isEmpty();
            return (some ? fitting.stream() : trials.keySet().stream())
                    .min(java.util.Comparator.comparingDouble(some ? cost : costIfNoneFits))
                    .orElseThrow();
        }

        private static boolean isTuned(Trial trial) {
            return !trial.setAside();
        }

        double cutOffPercent(Setting setting, Predicate<Trial> in) {
            List<Trial> group = group(setting, in);
            long cut = group.stream().filter(trial -> trial.outcome().cutOff()).count();
            return group.isEmpty() ? 0 : Math.round(1000.0 * cut / group.size()) / 10.0;
        }

        long medianMillis(Setting setting, Predicate<Trial> in) {
            return percentiles(group(setting, in).stream()
                            .mapToLong(trial -> trial.outcome().latencyMillis()))
                    .p50();
        }

        private List<Trial> group(Setting setting, Predicate<Trial> in) {
            return trials.getOrDefault(setting, List.of()).stream().filter(in).toList();
        }
    }
}
