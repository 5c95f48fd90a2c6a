package ai.callmeback.vendors.payment;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A refund or a dispute as the vendor has it now.
 *
 * @param standing whether the money is with the payer (or on its way), or with us again
 * @param createdAt by the vendor's clock
 * @param feeCents what a dispute costs; null when nothing or not known
 */
public record ReturnedPayment(
        String id,
        String paymentIntent,
        long amountCents,
        String currency,
        Standing standing,
        Instant createdAt,
        @Nullable Long feeCents) {

    /** Whose the money is. */
    public enum Standing {
        /** Gone to the payer; a dispute may still be won. */
        TAKEN,
        /** Gone for good. */
        FINAL,
        /** Ours again: the refund failed, or the dispute was won. */
        OURS
    }
}
