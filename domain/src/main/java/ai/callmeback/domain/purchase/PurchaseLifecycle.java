package ai.callmeback.domain.purchase;

import static ai.callmeback.domain.purchase.PurchaseStatus.*;

import java.util.List;

/** The one transition table of a purchase. Money that comes late is credited, whatever had become of the purchase. */
public final class PurchaseLifecycle {
    /** One permitted move and what causes it. */
    public record Transition(PurchaseStatus from, PurchaseStatus to, String cause) {}

    public static final List<Transition> TABLE = List.of(
            new Transition(NEW, OPEN, "checkout opened"),
            new Transition(NEW, FAILED, "checkout refused"),
            new Transition(OPEN, PROCESSING, "payer done, money on its way"),
            new Transition(OPEN, CREDITED, "paid"),
            new Transition(OPEN, EXPIRED, "checkout expired"),
            new Transition(OPEN, FAILED, "the bank refused before anybody looked"),
            new Transition(OPEN, CASE, "paid otherwise than asked"),
            new Transition(PROCESSING, CREDITED, "paid"),
            new Transition(PROCESSING, FAILED, "the bank refused"),
            new Transition(PROCESSING, CASE, "paid otherwise than asked"),
            new Transition(EXPIRED, CREDITED, "paid after all"),
            new Transition(EXPIRED, PROCESSING, "payer done after all"),
            new Transition(FAILED, CREDITED, "paid after all"),
            new Transition(FAILED, CASE, "paid otherwise than asked, after all"),
            new Transition(EXPIRED, CASE, "paid otherwise than asked, after all"),
            new Transition(CREDITED, COMPLETED, "receipt sent"));

    private PurchaseLifecycle() {}

    public static boolean permits(PurchaseStatus from, PurchaseStatus to) {
        return TABLE.stream().anyMatch(move -> move.from() == from && move.to() == to);
    }
}
