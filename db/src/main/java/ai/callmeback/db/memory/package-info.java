/** What personas remember of a user from earlier calls. */
@NullMarked
package ai.callmeback.db.memory;

import org.jspecify.annotations.NullMarked;
