package ai.callmeback.dev.chaos.money;

import java.util.List;

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
    DISPUTE_WON;

    /** Two in five are simply paid. */
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

    /** How our own books see the purchase in the end. */
    String status() {
        return switch (this) {
            case ABANDONED -> "expired";
            case DEBIT_RETURNS -> "failed";
            default -> "completed";
        };
    }
}
