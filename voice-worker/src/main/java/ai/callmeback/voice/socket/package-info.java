/** The media sockets: who may speak on one, and what becomes of those that misbehave. */
@NullMarked
package ai.callmeback.voice.socket;

import org.jspecify.annotations.NullMarked;
