package ai.callmeback.simulators.elevenlabs;

import java.time.Duration;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.springframework.util.MultiValueMap;

/**
 * The checked query of a request.
 *
 * @param logged whether the account's history shows it
 */
record TtsOptions(
        String voiceId,
        VoiceModel model,
        boolean autoMode,
        boolean syncAlignment,
        boolean logged,
        Duration inactivityTimeout) {

    /** A refusal in the vendor's words. */
    static final class Refused extends Exception {
        final int httpStatus;
        final String status;

        Refused(int httpStatus, String status, String message) {
            super(message);
            this.httpStatus = httpStatus;
            this.status = status;
        }
    }

    private static final Pattern VOICE_ID = Pattern.compile("[A-Za-z0-9]{20}");
    private static final int MAX_INACTIVITY_SECONDS = 180;

    static TtsOptions parse(String voiceId, MultiValueMap<String, String> query, @Nullable String modelInBody)
            throws Refused {
        String modelId = modelInBody != null ? modelInBody : value(query, "model_id", "eleven_multilingual_v2");
        Optional<VoiceModel> model = VoiceModel.of(modelId);
        if (model.isEmpty()) {
            throw new Refused(400, "model_not_found", "A model with model ID " + modelId + " was not found.");
        }
        String format = value(query, "output_format", "mp3_44100_128");
        if (!format.equals("ulaw_8000")) {
            throw new Refused(
                    400,
                    "invalid_output_format",
                    "Only ulaw_8000 is generated here, got output_format=" + format + ".");
        }
        return new TtsOptions(
                voiceId,
                model.get(),
                flag(query, "auto_mode", false),
                flag(query, "sync_alignment", false),
                flag(query, "enable_logging", true),
                Duration.ofSeconds(inactivitySeconds(query)));
    }

    boolean isVoiceKnown() {
        return VOICE_ID.matcher(voiceId).matches();
    }

    /** A socket opens for any voice, and is closed when it is to speak; a request is refused at once. */
    TtsOptions withKnownVoice() throws Refused {
        if (!isVoiceKnown()) {
            throw new Refused(404, "voice_not_found", "A voice with voice_id " + voiceId + " was not found.");
        }
        return this;
    }

    private static int inactivitySeconds(MultiValueMap<String, String> query) throws Refused {
        String value = value(query, "inactivity_timeout", "20");
        try {
            int seconds = Integer.parseInt(value);
            if (seconds >= 1 && seconds <= MAX_INACTIVITY_SECONDS) {
                return seconds;
            }
        } catch (NumberFormatException notANumber) {
            throw new Refused(422, "invalid_inactivity_timeout", "inactivity_timeout is no whole number: " + value);
        }
        throw new Refused(
                422,
                "invalid_inactivity_timeout",
                "inactivity_timeout must be between 1 and " + MAX_INACTIVITY_SECONDS + ", got " + value);
    }

    private static boolean flag(MultiValueMap<String, String> query, String key, boolean absent) throws Refused {
        return switch (value(query, key, String.valueOf(absent))) {
            case "true" -> true;
            case "false" -> false;
            default -> throw new Refused(422, "invalid_parameters", key + " must be true or false");
        };
    }

    private static String value(MultiValueMap<String, String> query, String key, String absent) {
        String value = query.getFirst(key);
        return value == null ? absent : value;
    }
}
