package ai.callmeback.simulators.llm;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * @param key the only key accepted; absent: any that is not empty
 * @param models ids that exist; every other one is answered with 404
 * @param moreModels added to them, so that a configured model exists here too
 * @param contextTokens a longer prompt is refused
 * @param journalCharacters of each request's messages so many are kept in the journal, counted from the end
 */
@ConfigurationProperties("simulators.llm")
record LlmSettings(
        @Nullable String key,

        @DefaultValue({"gpt-oss-120b", "gemma-4-31b", "llama3.1-8b", "llama-3.1-8b", "llama3.3-70b", "llama-3.3-70b"})
        List<String> models,

        @DefaultValue List<String> moreModels,
        @DefaultValue("65536") int contextTokens,
        @DefaultValue("40000") int journalCharacters) {

    LlmSettings {
        // Settings of the product that are not set arrive as empty names.
        moreModels = moreModels.stream().filter(model -> !model.isBlank()).toList();
    }

    boolean accepts(@Nullable String authorization) {
        if (authorization == null || !authorization.regionMatches(true, 0, "Bearer ", 0, 7)) {
            return false;
        }
        String offered = authorization.substring(7).strip();
        return !offered.isEmpty() && (key == null || key.isBlank() || key.equals(offered));
    }

    boolean has(String model) {
        return models.contains(model) || moreModels.contains(model);
    }
}
