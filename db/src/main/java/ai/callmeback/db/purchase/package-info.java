/** The catalogue, purchases, the payment vendor's events, and cases for finance. */
@NullMarked
package ai.callmeback.db.purchase;

import org.jspecify.annotations.NullMarked;
