/** From what the model wrote to what a voice can say. */
@NullMarked
package ai.callmeback.voice.wording;

import org.jspecify.annotations.NullMarked;
