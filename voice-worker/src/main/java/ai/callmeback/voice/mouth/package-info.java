/** From a stream of words to speech: clauses, one speech context per turn, text against time. */
@NullMarked
package ai.callmeback.voice.mouth;

import org.jspecify.annotations.NullMarked;
