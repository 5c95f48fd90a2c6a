/** From the user's audio to the user's turns. */
@NullMarked
package ai.callmeback.voice.ears;

import org.jspecify.annotations.NullMarked;
