package ai.callmeback.dev.chaos.money;

import java.util.List;
import java.util.stream.Stream;

/** What payers, banks and finance do with a purchase. */
enum Fate {
    PAID,
    DECLINED_THEN_PAID,
    DEBIT_ARRIVES,
    DEBIT_RETURNS,
    ABANDONED,
    /** A part goes back at once, perhaps before anybody has credited the payment. */
    REFUNDED_AT_ONCE,
    REFUNDED,
    /** The bank refuses the refund: the money is ours again. */
    REFUND_FAILED,
    /** By finance, through our own API. */
    REFUND_ORDERED,
    DISPUTE_LOST,
    DISPUTE_WON,

    /** A plan that renews; like every plan here it is cancelled in the end. */
    RENEWED(Trade.PLAN),
    /** A bigger plan in the middle of a period, and renewed as that. */
    CHANGED(Trade.PLAN),
    /** A smaller plan, which comes with the renewal. */
    MADE_SMALLER(Trade.PLAN),
    /** A renewal that is not paid at first. */
    RENEWAL_DECLINED(Trade.PLAN),
    CANCELLED(Trade.PLAN),

    TOPPED_UP(Trade.TOP_UP),
    TOPPED_UP_TWICE(Trade.TOP_UP),
    /** The saved card is refused, until its owner consents again. */
    CARD_REFUSED(Trade.TOP_UP);

    /** Of single purchases; two in five are simply paid. */
    static final List<Fate> USUAL = List.of(
            PAID,
            PAID,
            PAID,
            PAID,
            PAID,
            PAID,
            DECLINED_THEN_PAID,
            DEBIT_ARRIVES,
            DEBIT_RETURNS,
            ABANDONED,
            REFUNDED_AT_ONCE,
            REFUNDED,
            REFUND_FAILED,
            REFUND_ORDERED,
            DISPUTE_LOST);

    private final Trade trade;

    Fate() {
        this(Trade.SINGLE);
    }

    Fate(Trade trade) {
        this.trade = trade;
    }

    /** What becomes of purchases made that way, as often as each is listed. */
    static List<Fate> usual(Trade trade) {
        return trade == Trade.SINGLE
                ? USUAL
                : Stream.of(values()).filter(fate -> fate.trade == trade).toList();
    }

    Trade trade() {
        return trade;
    }

    /** How our own books see a single purchase in the end. */
    String status() {
        return switch (this) {
            case ABANDONED -> "expired";
            case DEBIT_RETURNS -> "failed";
            default -> "completed";
        };
    }
}
