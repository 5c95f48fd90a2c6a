package ai.callmeback.vendors.payment;

import java.util.Optional;

/**
 * Port: card payments. Calls block for at most the deadline of {@link ai.callmeback.vendors.settings.VendorPolicy}; call
 * them from a thread that may wait. Reads throw {@link PaymentVendorException} when there is no usable answer: ask again.
 */
public interface Payments {

    /** Opens a checkout; a repeat with the same purchase answers the same one. */
    CheckoutOutcome open(CheckoutRequest request);

    /** What the vendor knows of a checkout; empty when it knows none of that id. */
    Optional<PaymentState> checkout(String sessionId);

    /** Gives money back; a repeat with the same order is the same refund, however much later. */
    RefundOutcome issueRefund(RefundRequest request);

    /** A refund by its id; empty when there is none. */
    Optional<ReturnedPayment> refund(String refundId);

    /** A dispute by its id; empty when there is none. */
    Optional<ReturnedPayment> dispute(String disputeId);
}
