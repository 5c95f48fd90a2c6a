package ai.callmeback.vendors.tts;

/**
 * A voice and how it speaks.
 *
 * @param stability 0 to 1
 * @param similarityBoost 0 to 1
 * @param style how much the voice's own manner is exaggerated, 0 to 1
 * @param speakerBoost whether it is held closer to the original speaker
 * @param speed 0.7 to 1.2
 */
public record TtsOptions(
        String voiceId,
        String modelId,
        double stability,
        double similarityBoost,
        double style,
        boolean speakerBoost,
        double speed) {

    public TtsOptions {
        if (!voiceId.matches("[A-Za-z0-9_-]{1,64}")) {
            throw new IllegalArgumentException("voiceId is '" + voiceId + "', must match [A-Za-z0-9_-]{1,64}");
        }
        require("stability", stability, 0, 1);
        require("similarityBoost", similarityBoost, 0, 1);
        require("style", style, 0, 1);
        require("speed", speed, 0.7, 1.2);
    }

    public static TtsOptions voice(String voiceId) {
        return new TtsOptions(voiceId, "eleven_flash_v2_5", 0.5, 0.8, 0, true, 1.0);
    }

    private static void require(String name, double value, double least, double most) {
        if (!(value >= least && value <= most)) {
            throw new IllegalArgumentException(name + " is " + value + ", must be " + least + " to " + most);
        }
    }
}
