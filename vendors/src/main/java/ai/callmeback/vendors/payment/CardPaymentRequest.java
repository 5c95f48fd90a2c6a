package ai.callmeback.vendors.payment;

/**
 * A payment with a saved card.
 *
 * @param purchaseId our name for it; with the card it makes the request idempotent
 * @param amountCents in US dollars
 */
public record CardPaymentRequest(
        String purchaseId, String customer, String paymentMethod, long amountCents, String description) {}
