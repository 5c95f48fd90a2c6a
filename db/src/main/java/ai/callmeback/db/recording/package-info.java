/** What was recorded of calls, and by whose leave. */
@NullMarked
package ai.callmeback.db.recording;

import org.jspecify.annotations.NullMarked;
