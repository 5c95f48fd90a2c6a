/** Auto top-up: what people chose, the cards they saved, what was bought, and what they must be told. */
@NullMarked
package ai.callmeback.db.topup;

import org.jspecify.annotations.NullMarked;
