/**
 * What a call cost us: the price book, and one line per vendor and operation.
 *
 * <p>{@link ai.callmeback.db.cost.CallQuantities} says what each vendor bills, {@link ai.callmeback.db.cost.CostRecorder}
 * prices it with what was in force and books it.
 */
@NullMarked
package ai.callmeback.db.cost;

import org.jspecify.annotations.NullMarked;
