/** Reading columns that are never null, and binding values that may be. */
@NullMarked
package ai.callmeback.db.row;

import org.jspecify.annotations.NullMarked;
