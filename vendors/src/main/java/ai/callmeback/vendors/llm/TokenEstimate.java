package ai.callmeback.vendors.llm;

/** Tokens where the vendor did not say: about four characters each, never less than one for any text. */
final class TokenEstimate {

    private static final int CHARACTERS_PER_TOKEN = 4;
    private static final int TOKENS_PER_MESSAGE = 4;

    private TokenEstimate() {}

    static long ofCharacters(long characters) {
        return (characters + CHARACTERS_PER_TOKEN - 1) / CHARACTERS_PER_TOKEN;
    }

    static long ofPrompt(LlmRequest request) {
        long tokens = 0;
        for (LlmMessage message : request.messages()) {
            tokens += TOKENS_PER_MESSAGE + ofCharacters(characters(message));
        }
        for (LlmTool tool : request.tools()) {
            tokens += ofCharacters(tool.name().length()
                    + tool.description().length()
                    + tool.parametersSchema().length());
        }
        return tokens;
    }

    private static long characters(LlmMessage message) {
        return switch (message) {
            case LlmMessage.SystemPrompt(String text) -> text.length();
            case LlmMessage.User(String text) -> text.length();
            case LlmMessage.Assistant assistant ->
                assistant.text().length()
                        + assistant.toolCalls().stream()
                                .mapToLong(call -> call.name().length()
                                        + call.argumentsJson().length())
                                .sum();
            case LlmMessage.ToolResult(String id, String content) -> content.length();
        };
    }
}
