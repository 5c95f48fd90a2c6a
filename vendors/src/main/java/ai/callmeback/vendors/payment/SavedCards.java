package ai.callmeback.vendors.payment;

import java.util.Optional;

/**
 * Port: cards that people have saved, and payments with them while they are away. Blocking, deadlines and errors are as with
 * {@link Payments}. A payment is prepared first, which moves nothing, and confirmed by its id: one that is paid cannot be
 * confirmed again, however late the repeat, so an unknown outcome is resolved by reading it.
 */
public interface SavedCards {

    /** Opens a page on which a card is saved; a repeat with the same setup answers the same one. */
    CheckoutOutcome open(CardSetupRequest request);

    /** What the vendor knows of such a page; empty when it knows none of that id. */
    Optional<CardSetupState> setup(String sessionId);

    /** Closes a page nobody shall use any more; one that is over stays as it is. */
    void expire(String sessionId);

    /** Prepares a payment. No money moves; a repeat with the same purchase answers the same payment, for a day. */
    PrepareOutcome prepare(CardPaymentRequest request);

    /** What the vendor knows of a payment; empty when it knows none of that id. */
    Optional<CardPayment> payment(String paymentIntent);

    /**
     * Takes the money. A refusal of the bank is no error here: {@link #payment} says what became of it.
     *
     * @throws PaymentVendorException when the outcome is not known: read the payment before anything else
     */
    void confirm(String paymentIntent);

    /**
     * Takes a card off its customer, for good; one that is on nobody, or is not known, stays as it is.
     *
     * @throws PaymentVendorException when it may be there yet: ask again
     */
    void detach(String paymentMethod);

    /** Makes sure that a payment is never taken; one that is over stays as it is. */
    void cancel(String paymentIntent);
}
