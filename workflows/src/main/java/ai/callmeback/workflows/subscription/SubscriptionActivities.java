package ai.callmeback.workflows.subscription;

import ai.callmeback.domain.subscription.SubscriptionId;
import ai.callmeback.domain.subscription.SubscriptionStatus;
import io.temporal.activity.ActivityInterface;

/**
 * The steps of a subscription. Each may run again at any time and then does nothing twice. The prefix keeps their names
 * apart from those of a purchase, on the same worker.
 */
@ActivityInterface(namePrefix = "Subscription")
public interface SubscriptionActivities {

    /** Opens the checkout unless it is open. Answers where the subscription stands. */
    Standing openCheckout(SubscriptionId id);

    /** Carries out what the person wants changed, in order. */
    void carryOut(SubscriptionId id);

    /** Reads the subscription and its invoices from the vendor, credits what was paid and moves it accordingly. */
    Standing examine(SubscriptionId id);

    /** Sends the e-mails owed. */
    void sendNotices(SubscriptionId id);

    /** Books the fees of its payments, or their estimates; answers whether all are known. */
    boolean bookFees(SubscriptionId id);

    /** Nothing more is to be done unless the vendor says so. */
    void close(SubscriptionId id);

    /**
     * Where a subscription stands.
     *
     * @param checkoutExpiresAtMillis of the checkout, 0 when there is none
     * @param periodEndMillis of the period the vendor is in, 0 before the first
     */
    record Standing(SubscriptionStatus status, long checkoutExpiresAtMillis, long periodEndMillis) {}
}
