package ai.callmeback.simulators.elevenlabs;

import java.util.Optional;

/** The models, what they cost and how much text they take at once. */
enum VoiceModel {
    ELEVEN_FLASH_V2_5("eleven_flash_v2_5", 40_000, 0.5, true),
    ELEVEN_FLASH_V2("eleven_flash_v2", 30_000, 0.5, true),
    ELEVEN_TURBO_V2_5("eleven_turbo_v2_5", 40_000, 0.5, true),
    ELEVEN_TURBO_V2("eleven_turbo_v2", 30_000, 0.5, true),
    ELEVEN_MULTILINGUAL_V2("eleven_multilingual_v2", 10_000, 1, true),
    ELEVEN_V3("eleven_v3", 3_000, 1, false);

    final String id;
    final int maxCharacters;
    /** Credits per character. */
    final double costMultiplier;
    /** Whether the text-to-speech sockets serve it; the others want the dialogue socket. */
    final boolean onSockets;

    VoiceModel(String id, int maxCharacters, double costMultiplier, boolean onSockets) {
        this.id = id;
        this.maxCharacters = maxCharacters;
        this.costMultiplier = costMultiplier;
        this.onSockets = onSockets;
    }

    static Optional<VoiceModel> of(String id) {
        for (VoiceModel model : values()) {
            if (model.id.equals(id)) {
                return Optional.of(model);
            }
        }
        return Optional.empty();
    }
}
