package ai.callmeback.simulators.llm;

import java.util.Optional;

/** What the model says, and the tool it calls, if any. */
record Reply(String content, Optional<ToolCall> toolCall) {
    record ToolCall(String name, String arguments) {}

    static Reply say(String content) {
        return new Reply(content, Optional.empty());
    }
}
