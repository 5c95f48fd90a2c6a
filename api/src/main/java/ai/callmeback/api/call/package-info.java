/**
 * Calls as their owner sees them: booked, watched, changed, read afterwards. A booking needs PostgreSQL alone; what
 * changes a running call goes to its workflow, and where the workflow cannot be reached the answer says so.
 */
@NullMarked
package ai.callmeback.api.call;

import org.jspecify.annotations.NullMarked;
