/** Twilio Media Streams frames, in both directions, without trees or garbage on the media path. */
@NullMarked
package ai.callmeback.voice.twilio;

import org.jspecify.annotations.NullMarked;
