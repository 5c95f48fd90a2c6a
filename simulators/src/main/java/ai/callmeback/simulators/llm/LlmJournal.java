package ai.callmeback.simulators.llm;

import ai.callmeback.simulators.core.Details;
import ai.callmeback.simulators.core.Journal;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Writes down what was asked and what was generated, also when nobody waited for the end of it. */
final class LlmJournal {
    private final Journal journal;
    private final int maxCharacters;

    LlmJournal(Journal journal, int maxCharacters) {
        this.journal = journal;
        this.maxCharacters = maxCharacters;
    }

    void asked(String id, ChatRequest request, int promptTokens) {
        journal.append(
                "llm",
                id,
                "request",
                Details.of(
                        "model", request.model(),
                        "stream", request.stream(),
                        "promptTokens", promptTokens,
                        "messages", newest(request.messages())));
    }

    void refused(String id, int status, String code) {
        journal.append("llm", id, "refused", Details.of("status", status, "code", code));
    }

    /** @param tokens generated until the end, or until the connection was gone */
    void generated(String id, ChatRequest request, ChatStream stream, int tokens, boolean cancelled) {
        journal.append(
                "llm",
                id,
                "completion",
                Details.of(
                        "model", request.model(),
                        "promptTokens", stream.promptTokens(),
                        "completionTokens", tokens,
                        "reasoningTokens", Math.min(tokens, stream.reasoningTokens()),
                        "cancelled", cancelled,
                        "finishReason", cancelled ? null : stream.finishReason(),
                        "text", stream.text(),
                        "tool", stream.toolCall().map(Reply.ToolCall::name).orElse(null)));
    }

    private List<Map<String, Object>> newest(List<ChatRequest.Message> messages) {
        List<Map<String, Object>> kept = new ArrayList<>();
        int characters = 0;
        for (ChatRequest.Message message : messages.reversed()) {
            characters += message.content().length();
            if (characters > maxCharacters) {
                break;
            }
            kept.addFirst(Details.of("role", message.role(), "content", message.content()));
        }
        return kept;
    }
}
