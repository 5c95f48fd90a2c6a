/** The ledger as one user may read it. */
@NullMarked
package ai.callmeback.db.statement;

import org.jspecify.annotations.NullMarked;
