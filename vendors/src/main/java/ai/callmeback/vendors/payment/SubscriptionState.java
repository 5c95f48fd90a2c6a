package ai.callmeback.vendors.payment;

import java.time.Instant;

/**
 * A subscription as the vendor has it now.
 *
 * @param ours our name for it; empty when it is not one of ours
 * @param planCode what the next invoice will be for
 */
public record SubscriptionState(
        String vendorId,
        Stage stage,
        String ours,
        String planCode,
        Instant periodStart,
        Instant periodEnd,
        boolean endsAtPeriodEnd,
        boolean live) {

    /** How it stands. */
    public enum Stage {
        /** The first invoice is not paid. */
        BEGINNING,
        ACTIVE,
        /** An invoice is not paid; the vendor may try again. */
        PAST_DUE,
        ENDED
    }
}
