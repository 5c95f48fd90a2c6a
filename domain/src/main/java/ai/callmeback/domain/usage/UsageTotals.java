package ai.callmeback.domain.usage;

import java.util.Map;

/**
 * What one media leg used so far; every counter is cumulative and only grows, so a later report replaces an earlier one.
 *
 * @param sttAudioMs milliseconds of audio sent, by engine and model, such as {@code flux-general-en}
 * @param llmPromptTokens by model; speculated and cancelled requests are counted too
 * @param llmCompletionTokens by model
 * @param ttsCharacters characters sent to the voice, by model
 */
public record UsageTotals(
        Map<String, Long> sttAudioMs,
        Map<String, Long> llmPromptTokens,
        Map<String, Long> llmCompletionTokens,
        Map<String, Long> ttsCharacters) {
    public static final UsageTotals NONE = new UsageTotals(Map.of(), Map.of(), Map.of(), Map.of());

    public UsageTotals {
        sttAudioMs = Map.copyOf(sttAudioMs);
        llmPromptTokens = Map.copyOf(llmPromptTokens);
        llmCompletionTokens = Map.copyOf(llmCompletionTokens);
        ttsCharacters = Map.copyOf(ttsCharacters);
    }
}
