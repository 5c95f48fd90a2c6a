package ai.callmeback.db.subscription;

import ai.callmeback.domain.subscription.SubscriptionId;

/** What became of a wish for a plan. */
public sealed interface SubscriptionOutcome {

    record Accepted(SubscriptionId id) implements SubscriptionOutcome {}

    /** The same wish was accepted before. */
    record Repeated(SubscriptionId id) implements SubscriptionOutcome {}

    /** The key belongs to another wish. */
    record Conflict() implements SubscriptionOutcome {}

    /** @param reason unknown_product, not_a_plan or exists */
    record Refused(String reason) implements SubscriptionOutcome {}
}
