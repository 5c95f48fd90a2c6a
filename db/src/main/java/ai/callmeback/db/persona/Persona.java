package ai.callmeback.db.persona;

import ai.callmeback.domain.PersonaId;
import java.math.BigDecimal;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Who calls.
 *
 * @param systemPrompt the character layer of the prompt, complete in itself
 * @param greeting spoken at once on answer; {@code {name}} is replaced
 * @param greetingWithPretext the same for a call that has a pretext; {@code {name}} and {@code {pretext}} are replaced
 * @param greetingInbound to a user who rings; {@code {name}} is replaced
 * @param greetingStranger to a caller nobody knows; nothing is replaced
 * @param voiceId ElevenLabs voice
 * @param voiceSettingsJson ElevenLabs voice settings, as sent on the wire
 * @param temperature for the language model, 0 to 2
 * @param maxTokens of one reply
 * @param languageModel asked before those the product is set to; null for none
 * @param speechModel ElevenLabs model; null for the one the product is set to
 */
public record Persona(
        PersonaId id,
        String name,
        String role,
        String tagline,
        String description,
        Portrait character,
        String systemPrompt,
        String greetingStyle,
        String greeting,
        String greetingWithPretext,
        String greetingInbound,
        String greetingStranger,
        String farewell,
        Lines lines,
        String voiceId,
        String voiceSettingsJson,
        BigDecimal temperature,
        int maxTokens,
        @Nullable String languageModel,
        @Nullable String speechModel,
        String accentColor) {

    /** Who the persona is, in pieces a prompt or a page can pick from. */
    public record Portrait(
            String backstory,
            List<String> traits,
            List<String> values,
            List<String> speech,
            List<String> does,
            List<String> never,
            List<String> interests) {}

    /** Short lines for the awkward moments of a call. */
    public record Lines(
            List<String> fillers, List<String> idlePrompts, String timeWarning, String cutOff, String trouble) {}
}
