/** Stored webhooks between their acknowledgement and their application: what their tables have in common. */
@NullMarked
package ai.callmeback.db.inbox;

import org.jspecify.annotations.NullMarked;
