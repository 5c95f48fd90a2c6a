/** Audio of one call: levels, the paced way out, and the account of what the phone has heard. */
@NullMarked
package ai.callmeback.voice.audio;

import org.jspecify.annotations.NullMarked;
