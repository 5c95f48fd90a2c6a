package ai.callmeback.vendors.llm;

import java.util.List;

/** One message of the conversation, as the model sees it. {@code toString} never shows what was said. */
public sealed interface LlmMessage {

    record SystemPrompt(String text) implements LlmMessage {
        @Override
        public String toString() {
            return "SystemPrompt[" + text.length() + " characters]";
        }
    }

    record User(String text) implements LlmMessage {
        @Override
        public String toString() {
            return "User[" + text.length() + " characters]";
        }
    }

    record Assistant(String text, List<LlmEvent.ToolCall> toolCalls) implements LlmMessage {
        public Assistant {
            toolCalls = List.copyOf(toolCalls);
        }

        public Assistant(String text) {
            this(text, List.of());
        }

        @Override
        public String toString() {
            return "Assistant[" + text.length() + " characters, " + toolCalls.size() + " tool calls]";
        }
    }

    record ToolResult(String toolCallId, String content) implements LlmMessage {
        @Override
        public String toString() {
            return "ToolResult[" + content.length() + " characters]";
        }
    }
}
