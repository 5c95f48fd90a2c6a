package ai.callmeback.voice.call;

import ai.callmeback.domain.conversation.Brief;
import ai.callmeback.vendors.tts.TtsOptions;

/** The first words of a call and the voice that says them, for who has them spoken before there is a call. */
public record Opening(TtsOptions voice, String text) {
    public static Opening of(Brief brief, String ttsModel) {
        Phrases phrases = new Phrases(brief);
        return new Opening(phrases.voice(ttsModel), phrases.opening());
    }
}
