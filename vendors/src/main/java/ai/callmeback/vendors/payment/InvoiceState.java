package ai.callmeback.vendors.payment;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * An invoice of a subscription as the vendor has it now.
 *
 * @param paidCents what moved, after what was put on the customer's account
 * @param planCents what the plan's own line is for
 * @param planCode what it is for; empty when it is for none of ours
 * @param from the beginning of the time it is for
 * @param attempts to collect it
 * @param nextAttempt null when none is planned
 * @param paymentIntent null when nothing had to be paid
 */
public record InvoiceState(
        String id,
        Stage stage,
        Reason reason,
        long paidCents,
        long planCents,
        String currency,
        boolean live,
        String planCode,
        Instant from,
        Instant until,
        long attempts,
        @Nullable Instant nextAttempt,
        @Nullable String paymentIntent) {

    /** How it stands. */
    public enum Stage {
        OPEN,
        PAID,
        /** A draft, void or given up. */
        OTHER
    }

    /** Why there is one. */
    public enum Reason {
        CREATE,
        CYCLE,
        UPDATE,
        OTHER
    }
}
