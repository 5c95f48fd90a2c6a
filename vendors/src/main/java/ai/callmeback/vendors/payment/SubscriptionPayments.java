package ai.callmeback.vendors.payment;

import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Port: payments that come again every month. Blocking, deadlines and errors are as with {@link Payments}. */
public interface SubscriptionPayments {

    /** Opens a checkout; a repeat with the same subscription answers the same one. */
    CheckoutOutcome open(SubscriptionCheckout request);

    /**
     * A checkout of a subscription.
     *
     * @param vendorId the subscription it has become; null as long as it is not paid
     */
    record Checkout(boolean expired, @Nullable String vendorId) {}

    /** What the vendor knows of a checkout; empty when it knows none of that id. */
    Optional<Checkout> checkout(String sessionId);

    /** Closes a checkout nobody shall pay any more; one that is over stays as it is. */
    void expire(String sessionId);

    /** A subscription by its id; empty when there is none. */
    Optional<SubscriptionState> subscription(String vendorId);

    /** Its latest invoices, newest first. */
    List<InvoiceState> invoices(String vendorId);

    ChangeOutcome change(PlanChange change);

    /**
     * Whether a subscription ends with its period.
     *
     * @param orderId makes it idempotent
     */
    ChangeOutcome endAtPeriodEnd(String orderId, String vendorId, boolean ends);

    /**
     * What the vendor kept of a payment.
     *
     * @param currency in lower case
     */
    record Fee(long cents, String currency) {}

    /** Empty as long as it is not known. */
    Optional<Fee> fee(String paymentIntent);
}
