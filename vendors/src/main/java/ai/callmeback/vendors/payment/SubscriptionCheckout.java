package ai.callmeback.vendors.payment;

import java.net.URI;
import java.time.Instant;

/**
 * A page on which somebody begins to pay every month.
 *
 * @param subscriptionId our name for it; also makes the request idempotent
 * @param plan what is paid for
 * @param expiresAt between 30 minutes and 24 hours ahead
 */
public record SubscriptionCheckout(
        String subscriptionId, ShelfItem plan, URI successUrl, URI cancelUrl, Instant expiresAt) {}
