/** One conversation on one event loop: what its stages tell each other, and the session that joins them. */
@NullMarked
package ai.callmeback.voice.call;

import org.jspecify.annotations.NullMarked;
