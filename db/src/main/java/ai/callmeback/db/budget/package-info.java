/** What people let calls cost them, and what is left of it. */
@NullMarked
package ai.callmeback.db.budget;

import org.jspecify.annotations.NullMarked;
