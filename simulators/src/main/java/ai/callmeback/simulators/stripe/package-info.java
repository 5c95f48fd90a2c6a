/**
 * Stripe as far as we use it: Checkout sessions with a page to click through, subscriptions with a clock of their own,
 * payments, charges, balance transactions that come late, refunds, disputes, idempotency keys, signed events. Written from
 * the vendor's documents (API {@code 2026-07-29.dahlia}), sharing nothing with the product.
 */
@NullMarked
package ai.callmeback.simulators.stripe;

import org.jspecify.annotations.NullMarked;
