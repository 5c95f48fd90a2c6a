package ai.callmeback.voice.call;

import ai.callmeback.voice.mouth.LonePhrase;
import org.jspecify.annotations.Nullable;

/**
 * What the agent had still to say when its worker stepped down: as it sounds, as far as it had been spoken ahead, and the
 * words behind that.
 *
 * @param speech null if nothing was spoken ahead
 */
public record Carried(LonePhrase.@Nullable Speech speech, String rest) {
    /** The agent had nothing more to say, or will have to think of it anew. */
    public static final Carried NOTHING = new Carried(null, "");

    /** All of it in words. */
    public String text() {
        return speech == null ? rest : speech.alignment().text() + rest;
    }

    public boolean isNothing() {
        return text().isBlank();
    }
}
