package ai.callmeback.vendors.payment;

import java.net.URI;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A page on which somebody saves a card for payments to come.
 *
 * @param setupId our name for it; also makes the request idempotent
 * @param customer the vendor's name for the person; null: it makes one up
 * @param expiresAt between 30 minutes and 24 hours ahead
 */
public record CardSetupRequest(
        String setupId, @Nullable String customer, URI successUrl, URI cancelUrl, Instant expiresAt) {}
