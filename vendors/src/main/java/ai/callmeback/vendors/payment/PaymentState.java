package ai.callmeback.vendors.payment;

import org.jspecify.annotations.Nullable;

/**
 * A checkout as the vendor has it now.
 *
 * @param purchaseId what it was opened for; empty when it is not one of ours
 * @param amountCents in all
 * @param currency in lower case
 * @param paymentIntent null until there is one
 * @param feeCents what the vendor keeps; null until it is known
 * @param feeCurrency of the fee; null until it is known
 */
public record PaymentState(
        String sessionId,
        Stage stage,
        String purchaseId,
        long amountCents,
        String currency,
        boolean live,
        @Nullable String paymentIntent,
        @Nullable Long feeCents,
        @Nullable String feeCurrency) {

    /** How far it has come. */
    public enum Stage {
        /** Nobody has paid yet. */
        OPEN,
        /** The payer is done, the money is on its way. */
        PROCESSING,
        PAID,
        /** The payer was done, and then the payment failed. */
        FAILED,
        EXPIRED
    }
}
