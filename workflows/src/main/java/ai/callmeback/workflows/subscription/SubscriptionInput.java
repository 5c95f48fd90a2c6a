package ai.callmeback.workflows.subscription;

import ai.callmeback.domain.subscription.SubscriptionId;

/**
 * Everything else is in Postgres.
 *
 * @param periodEndMillis of the period this run is for; 0 until the first is paid
 */
public record SubscriptionInput(SubscriptionId subscriptionId, long periodEndMillis) {}
