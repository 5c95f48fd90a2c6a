/**
 * Stripe as far as one payment goes: Checkout sessions with a page to click through, payments, charges, balance
 * transactions that come late, refunds, disputes, idempotency keys, signed events. Written from the vendor's documents
 * (API {@code 2026-07-29.dahlia}), sharing nothing with the product.
 */
@NullMarked
package ai.callmeback.simulators.stripe;

import org.jspecify.annotations.NullMarked;
