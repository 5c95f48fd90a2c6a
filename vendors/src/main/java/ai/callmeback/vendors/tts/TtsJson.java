package ai.callmeback.vendors.tts;

import tools.jackson.core.JsonGenerator;

/** Pieces of JSON that the socket and the HTTP request share. */
final class TtsJson {

    private TtsJson() {}

    static void voiceSettings(JsonGenerator json, TtsOptions options) {
        json.writeStartObject();
        json.writeNumberProperty("stability", options.stability());
        json.writeNumberProperty("similarity_boost", options.similarityBoost());
        json.writeNumberProperty("style", options.style());
        json.writeBooleanProperty("use_speaker_boost", options.speakerBoost());
        json.writeNumberProperty("speed", options.speed());
        json.writeEndObject();
    }
}
