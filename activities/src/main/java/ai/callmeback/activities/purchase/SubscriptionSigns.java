package ai.callmeback.activities.purchase;

import ai.callmeback.domain.subscription.SubscriptionId;

/** Tells a subscription's workflow that it has something to look at, and starts it if there is none. */
public interface SubscriptionSigns {
    void moved(SubscriptionId id);
}
