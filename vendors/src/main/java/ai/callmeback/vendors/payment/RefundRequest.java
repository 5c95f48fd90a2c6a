package ai.callmeback.vendors.payment;

/**
 * Money to be given back.
 *
 * @param orderId our name for it; also makes the request idempotent
 * @param amountCents of the payment, in its currency
 */
public record RefundRequest(String orderId, String paymentIntent, long amountCents) {}
