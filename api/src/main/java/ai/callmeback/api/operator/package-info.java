/** What operators do: stop and start dialling and charging, and have the ledger proved. */
@NullMarked
package ai.callmeback.api.operator;

import org.jspecify.annotations.NullMarked;
