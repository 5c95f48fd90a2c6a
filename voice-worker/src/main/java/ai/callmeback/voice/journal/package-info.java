/** What happened in a conversation, on its way to the database without ever holding up the audio. */
@NullMarked
package ai.callmeback.voice.journal;

import org.jspecify.annotations.NullMarked;
