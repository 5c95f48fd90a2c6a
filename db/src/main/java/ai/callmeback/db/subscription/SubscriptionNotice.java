package ai.callmeback.db.subscription;

import ai.callmeback.domain.subscription.SubscriptionId;

/**
 * An e-mail owed.
 *
 * @param ref which of its kind: an invoice, an attempt, the end of a period
 */
public record SubscriptionNotice(SubscriptionId subscriptionId, Kind kind, String ref) {

    public enum Kind {
        RECEIPT,
        PAYMENT_FAILED,
        /** Nearly as many calls as fair use allows. */
        FAIR_USE,
        /** It will not renew. */
        ENDING,
        ENDED
    }

    /** The same for each try. */
    public String key() {
        return "subscription/" + subscriptionId + "/" + kind.name().toLowerCase(java.util.Locale.ROOT) + "/" + ref;
    }
}
