package ai.callmeback.vendors.llm;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What to ask a model.
 *
 * @param models tried first, in this order; behind them come {@code LLM_MODEL} and {@code LLM_FALLBACK_MODEL}
 * @param maxTokens bound on the answer
 * @param answerSchema the answer must be JSON of this schema; null for free text
 */
public record LlmRequest(
        List<String> models,
        List<LlmMessage> messages,
        List<LlmTool> tools,
        double temperature,
        int maxTokens,
        @Nullable AnswerSchema answerSchema) {

    public LlmRequest {
        models = List.copyOf(models);
        messages = List.copyOf(messages);
        tools = List.copyOf(tools);
        if (messages.isEmpty()) {
            throw new IllegalArgumentException("messages is empty, must hold at least one");
        }
        if (maxTokens < 1) {
            throw new IllegalArgumentException("maxTokens is " + maxTokens + ", must be at least 1");
        }
    }

    /** A conversation's next answer with the configured models. */
    public static LlmRequest conversation(List<LlmMessage> messages, List<LlmTool> tools) {
        return new LlmRequest(List.of(), messages, tools, 0.7, 300, null);
    }

    /** @param name {@code [A-Za-z0-9_-]}, 1 to 64 characters */
    public record AnswerSchema(String name, String jsonSchema) {
        public AnswerSchema {
            if (!name.matches("[A-Za-z0-9_-]{1,64}")) {
                throw new IllegalArgumentException("schema name is '" + name + "', must match [A-Za-z0-9_-]{1,64}");
            }
        }
    }
}
