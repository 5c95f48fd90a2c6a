/** What personas remember of a user, for the user to see and delete. */
@NullMarked
package ai.callmeback.api.memory;

import org.jspecify.annotations.NullMarked;
