package ai.callmeback.domain.subscription;

/** Where a subscription stands. The moves between them are {@link SubscriptionLifecycle#TABLE}. */
public enum SubscriptionStatus {
    /** Accepted; the checkout is not open yet. */
    NEW,
    /** The payer can pay. */
    OPEN,
    /** Paid for the current period. */
    ACTIVE,
    /** A renewal was not paid; the payment vendor tries again. */
    PAST_DUE,
    /** Over: cancelled, or not paid in the end. */
    ENDED,
    /** Nobody paid the checkout. */
    EXPIRED,
    /** The checkout could not be opened. */
    FAILED;

    /** Whether nothing more is to be done, unless money comes after all. */
    public boolean isTerminal() {
        return this == ENDED || this == EXPIRED || this == FAILED;
    }
}
