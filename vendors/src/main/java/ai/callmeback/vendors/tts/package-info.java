/** Streaming text-to-speech on a call's own event loop. */
@NullMarked
package ai.callmeback.vendors.tts;

import org.jspecify.annotations.NullMarked;
