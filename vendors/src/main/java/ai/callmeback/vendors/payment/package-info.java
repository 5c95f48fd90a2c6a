/** Payments by Stripe: Checkout sessions, what was really paid, and signed events. */
@NullMarked
package ai.callmeback.vendors.payment;

import org.jspecify.annotations.NullMarked;
