package ai.callmeback.db.figures;

import java.time.Instant;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * How far the books of a period can be trusted. Reconciled is what finished runs cover without a gap, as long as no open case
 * of that vendor was opened since the period began: such a case may be about it.
 */
final class Trust {
    /** Whose records reconciliations hold our books against. */
    private static final List<String> HELD = List.of("twilio", "stripe", "deepgram", "elevenlabs");

    private final Set<String> reconciled = new HashSet<>();
    private final boolean feesEstimated;
    private final Instant readAt;
    private final Instant reconciledAt;

    Trust(List<Fact> facts, Instant from, Instant until, Instant readAt) {
        this.readAt = readAt;
        long lastFinished = 0;
        for (String vendor : HELD) {
            long finished = finishedWhenCovered(facts, vendor, from.toEpochMilli(), until.toEpochMilli());
            if (finished > 0 && !disputed(facts, vendor, from)) {
                reconciled.add(vendor);
                lastFinished = Math.max(lastFinished, finished);
            }
        }
        this.reconciledAt = Instant.ofEpochMilli(lastFinished);
        this.feesEstimated = facts.stream()
                .filter(fact -> fact.isOf("fee") && fact.period() != null)
                .anyMatch(fact -> !fact.period().isBefore(from) && fact.period().isBefore(until));
    }

    /** When the last of the runs that together cover a range was over; 0 when they leave a gap. */
    private static long finishedWhenCovered(List<Fact> facts, String vendor, long from, long until) {
        long covers = from;
        long finished = 0;
        for (Fact run : facts.stream()
                .filter(fact -> fact.isOf("run") && fact.a().equals(vendor))
                .sorted(Comparator.comparingLong(Fact::amount))
                .toList()) {
            if (run.amount() <= covers && run.n() > covers) {
                covers = run.n();
                finished = Math.max(finished, run.m());
            }
        }
        return covers >= until ? finished : 0;
    }

    private static boolean disputed(List<Fact> facts, String vendor, Instant from) {
        return facts.stream()
                .anyMatch(fact -> fact.isOf("case") && fact.a().equals(vendor) && fact.amount() >= from.toEpochMilli());
    }

    /** When a figure of this state was true. */
    Instant time(FigureState state) {
        return state == FigureState.RECONCILED ? reconciledAt : readAt;
    }

    FigureState ofMoney() {
        return of("stripe");
    }

    /** Talk is timed by Twilio. */
    FigureState ofCalls() {
        return of("twilio");
    }

    private FigureState of(String vendor) {
        return reconciled.contains(vendor) ? FigureState.RECONCILED : FigureState.PROVISIONAL;
    }

    FigureState of(String name, Basis.Entries entries) {
        if (name.equals("fees")) {
            return feesEstimated ? FigureState.ESTIMATED : ofMoney();
        } else if (entries.accounts().contains("cash")) {
            return ofMoney();
        }
        return ofMoney().weaker(ofCalls());
    }

    /** Of lines of costs. */
    FigureState ofCosts(List<Fact> lines) {
        FigureState state = FigureState.RECONCILED;
        for (Fact line : lines) {
            boolean guessed = line.n() > 0 || line.m() > 0;
            state = state.weaker(
                    of(line.a()) == FigureState.RECONCILED
                            ? FigureState.RECONCILED
                            : guessed ? FigureState.ESTIMATED : FigureState.PROVISIONAL);
        }
        return lines.isEmpty() ? ofCalls() : state;
    }
}
