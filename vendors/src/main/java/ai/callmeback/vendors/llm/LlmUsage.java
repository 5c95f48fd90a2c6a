package ai.callmeback.vendors.llm;

/**
 * Tokens of one vendor request.
 *
 * @param promptTokens all prompt tokens, cached ones included
 * @param completionTokens all tokens generated, reasoning included
 * @param estimated true if the vendor did not say (the stream was cut or gave no usage) and we counted about 4
 *     characters to a token
 */
public record LlmUsage(
        String model, long promptTokens, long completionTokens, long cachedPromptTokens, boolean estimated) {}
