package ai.callmeback.db.figures;

import java.time.Instant;
import java.util.Comparator;
import java.util.List;

/**
 * How far the books of a period can be trusted. Reconciled is what finished runs cover without a gap, as long as no open case
 * of that vendor was opened since the period began: such a case may be about it.
 */
final class Trust {
    private final boolean covered;
    private final boolean twilioDisputed;
    private final boolean stripeDisputed;
    private final boolean feesEstimated;
    private final Instant readAt;
    private final Instant reconciledAt;

    Trust(List<Fact> facts, Instant from, Instant until, Instant readAt) {
        this.readAt = readAt;
        long covers = from.toEpochMilli();
        long finished = 0;
        for (Fact run : facts.stream()
                .filter(fact -> fact.isOf("run"))
                .sorted(Comparator.comparingLong(Fact::amount))
                .toList()) {
            if (run.amount() <= covers && run.n() > covers) {
                covers = run.n();
                finished = Math.max(finished, run.m());
            }
        }
        this.covered = covers >= until.toEpochMilli();
        this.reconciledAt = Instant.ofEpochMilli(finished);
        this.twilioDisputed = disputed(facts, "twilio", from);
        this.stripeDisputed = disputed(facts, "stripe", from);
        this.feesEstimated = facts.stream()
                .filter(fact -> fact.isOf("fee") && fact.period() != null)
                .anyMatch(fact -> !fact.period().isBefore(from) && fact.period().isBefore(until));
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
        return covered && !stripeDisputed ? FigureState.RECONCILED : FigureState.PROVISIONAL;
    }

    /** Talk is timed by Twilio. */
    FigureState ofCalls() {
        return covered && !twilioDisputed ? FigureState.RECONCILED : FigureState.PROVISIONAL;
    }

    FigureState of(String name, Basis.Entries entries) {
        if (name.equals("fees")) {
            return feesEstimated ? FigureState.ESTIMATED : ofMoney();
        } else if (entries.accounts().contains("cash")) {
            return ofMoney();
        }
        return ofMoney().weaker(ofCalls());
    }

    /** Of lines of calls' costs. */
    FigureState ofCosts(List<Fact> lines) {
        FigureState state = FigureState.RECONCILED;
        for (Fact line : lines) {
            boolean twilioKnown = line.a().equals("twilio") && ofCalls() == FigureState.RECONCILED;
            state = state.weaker(
                    twilioKnown
                            ? FigureState.RECONCILED
                            : line.n() > 0 || line.m() > 0 ? FigureState.ESTIMATED : FigureState.PROVISIONAL);
        }
        return lines.isEmpty() ? ofCalls() : state;
    }
}
