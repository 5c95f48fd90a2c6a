package ai.callmeback.db.persona;

import java.math.BigDecimal;
import org.jspecify.annotations.Nullable;

/**
 * What operators may set of a persona.
 *
 * @param voiceId the speech vendor's voice
 * @param speechModel the speech vendor's model; null for the one the product is set to
 * @param languageModel asked before those the product is set to; null for none
 * @param temperature for the language model, 0 to 2, in hundredths
 * @param maxTokens of one reply, 16 to 1000
 */
public record PersonaSettings(
        String voiceId,
        @Nullable String speechModel,
        @Nullable String languageModel,
        BigDecimal temperature,
        int maxTokens,
        Sound sound) {

    /**
     * The speech vendor's voice settings; null for what is not set, which leaves it to the vendor's usual.
     *
     * @param stability 0 to 1
     * @param similarityBoost 0 to 1
     * @param style 0 to 1
     * @param speed 0.7 to 1.2
     */
    public record Sound(
            @Nullable BigDecimal stability,
            @Nullable BigDecimal similarityBoost,
            @Nullable BigDecimal style,
            @Nullable BigDecimal speed) {}
}
