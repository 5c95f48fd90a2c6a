package ai.callmeback.dev.chaos;

import ai.callmeback.dev.chaos.CallRecord.Fault;
import ai.callmeback.dev.chaos.CallRecord.HandOver;
import ai.callmeback.dev.chaos.CallRecord.Outcome;
import ai.callmeback.dev.chaos.CallRecord.Said;
import ai.callmeback.dev.chaos.CallRecord.Span;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * What became of the calls of a run: the figures, and every finding in words.
 *
 * @param findings turns, settlements and calls that went wrong
 */
public record ChaosReport(
        int calls,
        int kills,
        List<String> callsLost,
        TurnReport turns,
        List<String> wrongSettlements,
        Gaps onDeath,
        Gaps onDrain,
        long usualAnswerMillis) {

    /** A caller who hears nothing for longer than this has no answer that could be called usual. */
    private static final long ANSWERED_WITHIN_MILLIS = 5_000;

    private static final long USUAL_WITHOUT_ANY_MILLIS = 1_000;

    /**
     * @param differences words of the persona that only one side has, one line a word
     * @param unknownAtDeath words heard that nobody was left to write down; no error
     */
    public record TurnReport(List<String> lost, List<String> repeated, List<String> differences, int unknownAtDeath) {
        int wordErrors() {
            return differences.size();
        }
    }

    /**
     * The gaps of one kind of fault, in milliseconds.
     *
     * @param moved calls that went to another worker
     * @param due those of them in which the persona was due
     */
    public record Gaps(int moved, int due, long p50, long p95, long longest) {
        static Gaps of(List<Gap> gaps) {
            List<Long> sorted = gaps.stream().map(Gap::millis).sorted().toList();
            return new Gaps(
                    gaps.size(),
                    (int) gaps.stream().filter(Gap::due).count(),
                    percentile(sorted, 50),
                    percentile(sorted, 95),
                    percentile(sorted, 100));
        }

        /** The nearest-rank percentile; 0 of nothing. */
        private static long percentile(List<Long> sorted, int percent) {
            int rank = (int) Math.ceil(percent / 100.0 * sorted.size());
            return sorted.isEmpty() ? 0 : sorted.get(Math.max(1, rank) - 1);
        }

        Map<String, Object> figures() {
            Map<String, Object> figures = new LinkedHashMap<>();
            figures.put("p50", p50);
            figures.put("p95", p95);
            return figures;
        }
    }

    /** One call, and what was done to voice workers while it lasted, on its own clock. */
    record Case(CallRecord call, List<Fault> faults) {
        List<HandOver> moves() {
            return call.handOvers(faults);
        }
    }

    /** Whether nothing was lost, said twice or settled wrongly. Gaps and word errors are figures, and fail nothing. */
    public boolean ok() {
        return callsLost.isEmpty()
                && turns.lost().isEmpty()
                && turns.repeated().isEmpty()
                && wrongSettlements.isEmpty();
    }

    public List<String> findings() {
        return Stream.of(callsLost, turns.lost(), turns.repeated(), wrongSettlements)
                .flatMap(List::stream)
                .toList();
    }

    /** The JSON object of the command. */
    public Map<String, Object> figures() {
        Map<String, Object> figures = new LinkedHashMap<>();
        figures.put("calls", calls);
        figures.put("kills", kills);
        figures.put("callsLost", callsLost.size());
        figures.put("turnsLost", turns.lost().size());
        figures.put("turnsRepeated", turns.repeated().size());
        figures.put("gapOnDeathMs", onDeath.figures());
        figures.put("gapOnDrainMs", onDrain.figures());
        figures.put("heardTextWordErrors", turns.wordErrors());
        figures.put("wrongSettlements", wrongSettlements.size());
        figures.put("movedOnDeath", onDeath.moved());
        figures.put("movedOnDrain", onDrain.moved());
        figures.put("wordsUnknownAtDeath", turns.unknownAtDeath());
        figures.put("usualAnswerMs", usualAnswerMillis);
        return figures;
    }

    /**
     * Judges a run.
     *
     * @param kills faults struck
     * @param ledger violations our ledger's audit found
     */
    static ChaosReport of(List<Case> cases, int kills, List<String> ledger) {
        long usual = usualAnswerMillis(cases);
        List<String> callsLost = new ArrayList<>();
        List<String> settlements = new ArrayList<>(ledger);
        TurnFindings turns = new TurnFindings(List.of(), List.of(), List.of(), 0);
        List<Gap> gaps = new ArrayList<>();
        for (Case each : cases) {
            CallRecord call = each.call();
            List<HandOver> moves = each.moves();
            WordMatch words = PersonaJudge.words(call);
            List<Gap> ofCall =
                    moves.stream().map(move -> Gap.of(call, move, words, usual)).toList();
            gaps.addAll(ofCall);
            lost(call).ifPresent(callsLost::add);
            turns = turns.and(PersonaJudge.judge(call, moves, words)).and(CallerJudge.judge(call, moves));
            settlements.addAll(SettlementJudge.judge(call, moves, ofCall));
        }
        return new ChaosReport(
                cases.size(),
                kills,
                callsLost,
                new TurnReport(turns.lost(), turns.repeated(), turns.differences(), turns.unknownAtDeath()),
                settlements,
                // A death in a moment when nobody was due interrupted nothing; a drain that found such a moment did
                // well.
                Gaps.of(of(gaps, FaultKind.DEATH).filter(Gap::due).toList()),
                Gaps.of(of(gaps, FaultKind.DRAIN).toList()),
                usual);
    }

    private static Stream<Gap> of(List<Gap> gaps, FaultKind kind) {
        return gaps.stream().filter(gap -> gap.kind() == kind);
    }

    private static Optional<String> lost(CallRecord call) {
        Outcome outcome = call.outcome();
        if (outcome.rings() != 1) {
            return Optional.of(call.name() + ": its phone rang " + outcome.rings() + " times");
        }
        if (!outcome.hungUp()) {
            return Optional.of(
                    call.name() + ": ended as " + outcome.status() + " before the caller put down the receiver");
        }
        return outcome.status().equals("completed")
                ? Optional.empty()
                : Optional.of(call.name() + ": ended as " + outcome.status());
    }

    /** The median of the answers no hand-over came between. */
    static long usualAnswerMillis(List<Case> cases) {
        List<Long> answers = new ArrayList<>();
        for (Case each : cases) {
            for (Said said : each.call().said()) {
                long asked = said.span().endMillis();
                each.call().sounds().stream().mapToLong(Span::startMillis).filter(start -> start > asked).min().stream()
                        .filter(start -> start - asked < ANSWERED_WITHIN_MILLIS
                                && each.moves().stream()
                                        .noneMatch(move ->
                                                move.takenMillis() > said.span().startMillis()
                                                        && move.leftMillis() < start))
                        .forEach(start -> answers.add(start - asked));
            }
        }
        List<Long> sorted = answers.stream().sorted().toList();
        return sorted.isEmpty() ? USUAL_WITHOUT_ANY_MILLIS : sorted.get((sorted.size() - 1) / 2);
    }
}
