/** Prices as vendors state them, what changed, and what finance says to that. */
@NullMarked
package ai.callmeback.db.price;

import org.jspecify.annotations.NullMarked;
