package ai.callmeback.vendors.llm;

import ai.callmeback.vendors.wire.Json;
import java.util.ArrayList;
import java.util.List;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;

/**
 * Reads one chunk of a stream, or one whole answer, into fields. Unknown fields are skipped, absent ones mean nothing:
 * hosts differ in what they leave out. Of several choices only the first counts; we never ask for more.
 */
final class ChunkReader {

    /** A tool call as far as it has come; merged by index, because only the first piece has an id. */
    static final class PartialTool {
        String id = "";
        String name = "";
        final StringBuilder arguments = new StringBuilder();
    }

    private static final int MAX_TOOL_CALLS = 16;

    String content = "";
    int reasoningCharacters;
    String finishReason = "";
    long promptTokens = -1;
    long completionTokens = -1;
    long cachedTokens;
    boolean error;
    String errorCode = "";
    String errorMessage = "";
    int errorStatus;
    final List<PartialTool> tools = new ArrayList<>(0);

    /** Forgets the last chunk; tool calls and usage stay, they grow over chunks. */
    void read(JsonParser parser) {
        content = "";
        reasoningCharacters = 0;
        error = false;
        errorCode = "";
        errorMessage = "";
        errorStatus = 0;
        if (parser.nextToken() != JsonToken.START_OBJECT) {
            return;
        }
        for (String name = parser.nextName(); name != null; name = parser.nextName()) {
            JsonToken value = parser.nextToken();
            switch (name) {
                case "choices" -> choices(parser, value);
                case "usage" -> usage(parser, value);
                case "error" -> error(parser, value);
                case "status_code", "status" -> errorStatus = (int) Json.number(parser, 0);
                // Cerebras sends its errors flat.
                case "code" -> errorCode = Json.text(parser);
                case "message" -> errorMessage = Json.text(parser);
                default -> parser.skipChildren();
            }
        }
    }

    private void choices(JsonParser parser, JsonToken value) {
        if (value != JsonToken.START_ARRAY) {
            parser.skipChildren();
            return;
        }
        boolean first = true;
        while (parser.nextToken() != JsonToken.END_ARRAY) {
            if (first && parser.currentToken() == JsonToken.START_OBJECT) {
                choice(parser);
            } else {
                parser.skipChildren();
            }
            first = false;
        }
    }

    private void choice(JsonParser parser) {
        for (String name = parser.nextName(); name != null; name = parser.nextName()) {
            JsonToken value = parser.nextToken();
            switch (name) {
                case "delta", "message" -> delta(parser, value);
                case "finish_reason" -> {
                    String reason = Json.text(parser);
                    finishReason = reason.isEmpty() ? finishReason : reason;
                }
                default -> parser.skipChildren();
            }
        }
    }

    private void delta(JsonParser parser, JsonToken value) {
        if (value != JsonToken.START_OBJECT) {
            parser.skipChildren();
            return;
        }
        for (String name = parser.nextName(); name != null; name = parser.nextName()) {
            JsonToken field = parser.nextToken();
            switch (name) {
                case "content" -> content = Json.text(parser);
                case "reasoning", "reasoning_content" ->
                    reasoningCharacters += Json.text(parser).length();
                case "tool_calls" -> toolCalls(parser, field);
                default -> parser.skipChildren();
            }
        }
    }

    private void toolCalls(JsonParser parser, JsonToken value) {
        if (value != JsonToken.START_ARRAY) {
            parser.skipChildren();
            return;
        }
        int position = 0;
        while (parser.nextToken() != JsonToken.END_ARRAY) {
            if (parser.currentToken() == JsonToken.START_OBJECT) {
                toolCall(parser, position);
            } else {
                parser.skipChildren();
            }
            position++;
        }
    }

    private void toolCall(JsonParser parser, int position) {
        int index = position;
        String id = "";
        String toolName = "";
        String arguments = "";
        for (String name = parser.nextName(); name != null; name = parser.nextName()) {
            JsonToken value = parser.nextToken();
            switch (name) {
                case "index" -> index = (int) Json.number(parser, position);
                case "id" -> id = Json.text(parser);
                case "function" -> {
                    if (value != JsonToken.START_OBJECT) {
                        parser.skipChildren();
                        continue;
                    }
                    for (String field = parser.nextName(); field != null; field = parser.nextName()) {
                        parser.nextToken();
                        switch (field) {
                            case "name" -> toolName = Json.text(parser);
                            case "arguments" -> arguments = Json.text(parser);
                            default -> parser.skipChildren();
                        }
                    }
                }
                default -> parser.skipChildren();
            }
        }
        merge(index, id, toolName, arguments);
    }

    private void merge(int index, String id, String name, String arguments) {
        if (index < 0 || index >= MAX_TOOL_CALLS) {
            return;
        }
        while (tools.size() <= index) {
            tools.add(new PartialTool());
        }
        PartialTool tool = tools.get(index);
        tool.id = tool.id.isEmpty() ? id : tool.id;
        tool.name = tool.name.isEmpty() ? name : tool.name;
        tool.arguments.append(arguments);
    }

    private void usage(JsonParser parser, JsonToken value) {
        if (value != JsonToken.START_OBJECT) {
            parser.skipChildren();
            return;
        }
        for (String name = parser.nextName(); name != null; name = parser.nextName()) {
            JsonToken field = parser.nextToken();
            switch (name) {
                case "prompt_tokens" -> promptTokens = (long) Json.number(parser, -1);
                case "completion_tokens" -> completionTokens = (long) Json.number(parser, -1);
                case "prompt_tokens_details" -> {
                    if (field != JsonToken.START_OBJECT) {
                        parser.skipChildren();
                        continue;
                    }
                    for (String detail = parser.nextName(); detail != null; detail = parser.nextName()) {
                        parser.nextToken();
                        if (detail.equals("cached_tokens")) {
                            cachedTokens = (long) Json.number(parser, 0);
                        } else {
                            parser.skipChildren();
                        }
                    }
                }
                default -> parser.skipChildren();
            }
        }
    }

    private void error(JsonParser parser, JsonToken value) {
        switch (value) {
            case VALUE_NULL -> error = false;
            case START_OBJECT -> {
                error = true;
                for (String name = parser.nextName(); name != null; name = parser.nextName()) {
                    parser.nextToken();
                    switch (name) {
                        case "code" -> {
                            String code = Json.text(parser);
                            errorCode = code.isEmpty() ? errorCode : code;
                        }
                        case "type" -> errorCode = errorCode.isEmpty() ? Json.text(parser) : errorCode;
                        case "message" -> errorMessage = Json.text(parser);
                        default -> parser.skipChildren();
                    }
                }
            }
            default -> {
                error = true;
                errorMessage = Json.text(parser);
            }
        }
    }

    /** Whether this chunk was a flat error: a message with a code, where an answer would have choices. */
    boolean flatError() {
        return !error && !errorMessage.isEmpty();
    }
}
