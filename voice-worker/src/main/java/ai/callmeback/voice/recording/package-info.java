/** Records both sides of a call whose user has agreed, beside the talk and never in its way. */
@NullMarked
package ai.callmeback.voice.recording;

import org.jspecify.annotations.NullMarked;
