package ai.callmeback.domain.conversation;

import ai.callmeback.domain.CallId;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.List;

/**
 * All a voice worker needs to start talking, prepared before dialling and read in one go when the media is claimed. What
 * was said so far comes beside it, from the journal as it stands at that moment.
 *
 * @param attempt the dial attempt it was prepared for
 * @param systemPrompt the layers (character, product rules, pretext, what is known) already joined
 * @param greeting spoken first on the first leg
 * @param resumption spoken first when rung again after we were cut off; empty otherwise
 * @param plannedSeconds the talk allowed as booked; extensions come with the claim
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
        Instant preparedAt) {
    public Brief {
        fillers = List.copyOf(fillers);
        idlePrompts = List.copyOf(idlePrompts);
    }

    /**
     * How the persona sounds.
     *
     * @param settingsJson the speech vendor's own voice settings, as a JSON object
     */
    public record Voice(String personaId, String personaName, String voiceId, String settingsJson) {}

    /** How the persona thinks. */
    public record Mind(String systemPrompt, BigDecimal temperature, int maxTokens) {}
}
