/** The real-time audio loop of a call: media socket, turn taking, speech, and what is journalled of it. */
@NullMarked
package ai.callmeback.voice;

import org.jspecify.annotations.NullMarked;
