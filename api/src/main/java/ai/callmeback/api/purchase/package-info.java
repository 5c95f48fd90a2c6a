/** The catalogue and purchases. The payment vendor is never asked here: the purchase's workflow does that. */
@NullMarked
package ai.callmeback.api.purchase;

import org.jspecify.annotations.NullMarked;
