package ai.callmeback.domain.purchase;

/** Where a purchase stands. The moves between them are {@link PurchaseLifecycle#TABLE}. */
public enum PurchaseStatus {
    /** Accepted; the checkout is not open yet. */
    NEW,
    /** The payer can pay. */
    OPEN,
    /** The payer is done, the money takes days (a bank debit). */
    PROCESSING,
    /** Paid, and the credits are there. */
    CREDITED,
    /** And the receipt was sent. */
    COMPLETED,
    /** Nobody paid in time. */
    EXPIRED,
    /** The payment failed, or the checkout could not be opened. */
    FAILED,
    /** What was paid is not what was asked: finance looks at it. */
    CASE;

    /** Whether nothing more is to be done, unless money comes after all. */
    public boolean isTerminal() {
        return this == COMPLETED || this == EXPIRED || this == FAILED || this == CASE;
    }
}
