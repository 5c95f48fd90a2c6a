/** Recordings of calls, for their owners. */
@NullMarked
package ai.callmeback.api.recording;

import org.jspecify.annotations.NullMarked;
