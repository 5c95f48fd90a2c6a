/** Our books against vendors' records. */
@NullMarked
package ai.callmeback.db.reconcile;

import org.jspecify.annotations.NullMarked;
