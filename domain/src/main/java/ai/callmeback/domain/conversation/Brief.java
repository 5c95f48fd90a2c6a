package ai.callmeback.domain.conversation;

import ai.callmeback.domain.CallId;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * All a voice worker needs to start talking, prepared before dialling and read in one go when the media is claimed. What
 * was said so far comes beside it, from the journal as it stands at that moment.
 *
 * @param attempt the dial attempt it was prepared for
 * @param systemPrompt the layers (character, product rules, pretext, what is known) already joined
 * @param greeting spoken first on the first leg
 * @param resumption spoken first when rung again after we were cut off; empty otherwise
 * @param plannedSeconds the talk allowed as booked; extensions come with the claim
 * @param timeZone by which the person called reads the clock; empty if it is not known
 */
public record Brief(
        CallId callId,
        int attempt,
        Voice voice,
        Mind mind,
        String greeting,
        String resumption,
        String farewell,
        String timeWarning,
        String trouble,
        List<String> fillers,
        List<String> idlePrompts,
        int plannedSeconds,
        String timeZone,
        Instant preparedAt) {
    public Brief {
        timeZone = orEmpty(timeZone);
        fillers = List.copyOf(fillers);
        idlePrompts = List.copyOf(idlePrompts);
    }

    /**
     * How the persona sounds.
     *
     * @param settingsJson the speech vendor's own voice settings, as a JSON object
     * @param modelId the speech vendor's model; empty for the one the product is set to
     */
    public record Voice(String personaId, String personaName, String voiceId, String settingsJson, String modelId) {
        public Voice {
            modelId = orEmpty(modelId);
        }
    }

    /**
     * How the persona thinks.
     *
     * @param model the language model asked first; empty for the one the product is set to
     */
    public record Mind(String systemPrompt, BigDecimal temperature, int maxTokens, String model) {
        public Mind {
            model = orEmpty(model);
        }
    }

    /** A brief that was stored before there was such a thing in it has none. */
    private static String orEmpty(@Nullable String text) {
        return text == null ? "" : text;
    }
}
