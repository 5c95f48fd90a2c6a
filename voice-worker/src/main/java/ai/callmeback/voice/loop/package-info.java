/** Time and turns of one event loop: all that the stages of a call need to know of the thread they live on. */
@NullMarked
package ai.callmeback.voice.loop;

import org.jspecify.annotations.NullMarked;
