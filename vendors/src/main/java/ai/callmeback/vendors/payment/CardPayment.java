package ai.callmeback.vendors.payment;

import org.jspecify.annotations.Nullable;

/**
 * A payment with a saved card as the vendor has it now.
 *
 * @param state its {@code sessionId} is the payment's own id
 * @param confirmable prepared, and never tried
 * @param over whether nothing can come of it any more
 * @param failure why the last try failed: a stable code such as {@code card_declined} or {@code authentication_required}
 */
public record CardPayment(
        PaymentState state,
        boolean confirmable,
        boolean over,
        @Nullable String failure) {}
