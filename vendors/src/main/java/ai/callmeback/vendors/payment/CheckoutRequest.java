package ai.callmeback.vendors.payment;

import java.net.URI;
import java.time.Instant;

/**
 * A page on which somebody pays once.
 *
 * @param purchaseId our name for it; also makes the request idempotent
 * @param amountCents in US dollars
 * @param expiresAt between 30 minutes and 24 hours ahead
 */
public record CheckoutRequest(
        String purchaseId, String title, long amountCents, URI successUrl, URI cancelUrl, Instant expiresAt) {}
