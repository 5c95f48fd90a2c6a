package ai.callmeback.simulators.llm;

import ai.callmeback.simulators.wire.Json;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * A checked chat request.
 *
 * @param maxTokens 0 if unlimited
 * @param schema of the answer, if one is demanded
 * @param reasons whether reasoning may be shown
 */
record ChatRequest(
        String model,
        List<Message> messages,
        List<Tool> tools,
        String toolsText,
        Optional<String> forcedTool,
        boolean stream,
        boolean includeUsage,
        int maxTokens,
        List<String> stops,
        Optional<JsonNode> schema,
        boolean jsonObject,
        boolean reasons,
        String user) {

    record Message(String role, String content, String toolCallsText) {
        boolean from(String wanted) {
            return role.equals(wanted);
        }
    }

    record Tool(String name, String description, JsonNode parameters) {}

    private static final Set<String> ROLES = Set.of("system", "developer", "user", "assistant", "tool");
    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9_-]{1,64}");

    static ChatRequest parse(String body) throws LlmError {
        JsonNode json = Json.object(body);
        if (json == null) {
            throw LlmError.invalid(null, "We could not parse the JSON body of your request.");
        }
        String model = Json.text(json, "model");
        if (model == null) {
            throw LlmError.invalid("model", "you must provide a model parameter");
        }
        range(json, "temperature", 0, 2);
        range(json, "top_p", 0, 1);
        List<Tool> tools = tools(json.path("tools"));
        JsonNode format = json.path("response_format");
        boolean reasons = !Json.flag(json, "disable_reasoning")
                && !"none".equals(Json.text(json, "reasoning_effort"))
                && !"hidden".equals(Json.text(json, "reasoning_format"));
        String user = Json.text(json, "user");
        return new ChatRequest(
                model,
                messages(json.path("messages")),
                tools,
                tools.isEmpty() ? "" : json.path("tools").toString(),
                forced(json.path("tool_choice"), tools),
                Json.flag(json, "stream"),
                json.path("stream_options").path("include_usage").asBoolean(false),
                json.path("max_completion_tokens").asInt(json.path("max_tokens").asInt(0)),
                stops(json.path("stop")),
                schema(format),
                "json_object".equals(Json.text(format, "type")),
                reasons,
                user == null ? "" : user);
    }

    /** The newest message. */
    Message last() {
        return messages.getLast();
    }

    private static List<Message> messages(JsonNode array) throws LlmError {
        if (!array.isArray() || array.isEmpty()) {
            throw LlmError.invalid("messages", "messages must be a non-empty array");
        }
        List<Message> messages = new ArrayList<>();
        Set<String> calls = new HashSet<>();
        for (JsonNode node : array) {
            String role = Json.text(node, "role");
            if (role == null || !ROLES.contains(role)) {
                throw LlmError.invalid("messages.role", "invalid role: " + node.path("role"));
            }
            String toolCalls =
                    node.path("tool_calls").isArray() ? node.path("tool_calls").toString() : "";
            node.path("tool_calls").forEach(call -> calls.add(call.path("id").asString("")));
            if (role.equals("tool") && !calls.contains(node.path("tool_call_id").asString(""))) {
                throw LlmError.invalid(
                        "messages.tool_call_id", "a tool message must answer a preceding tool call by its id");
            }
            messages.add(new Message(role, content(node, role, toolCalls), toolCalls));
        }
        return messages;
    }

    private static String content(JsonNode message, String role, String toolCalls) throws LlmError {
        JsonNode content = message.path("content");
        if (content.isString()) {
            return content.asString();
        }
        if (content.isArray()) {
            StringBuilder text = new StringBuilder();
            content.forEach(part -> text.append(part.path("text").asString("")));
            return text.toString();
        }
        if (role.equals("assistant") && !toolCalls.isEmpty()) {
            return "";
        }
        throw LlmError.invalid("messages.content", "content of a " + role + " message must be text");
    }

    private static List<Tool> tools(JsonNode array) throws LlmError {
        List<Tool> tools = new ArrayList<>();
        for (JsonNode node : array) {
            JsonNode function = node.path("function");
            String name = Json.text(function, "name");
            if (!"function".equals(Json.text(node, "type"))
                    || name == null
                    || !NAME.matcher(name).matches()) {
                throw LlmError.invalid("tools", "a tool must be a function with a name of letters, digits, _ and -");
            }
            if (Json.flag(function, "strict")) {
                strict("tools." + name, function.path("parameters"));
            }
            tools.add(new Tool(name, function.path("description").asString(""), function.path("parameters")));
        }
        return tools;
    }

    private static Optional<String> forced(JsonNode choice, List<Tool> tools) throws LlmError {
        if (choice.isString()) {
            return switch (choice.asString()) {
                case "required" -> tools.stream().map(Tool::name).findFirst();
                case "auto", "none" -> Optional.empty();
                default -> throw LlmError.invalid("tool_choice", "unknown tool_choice " + choice);
            };
        }
        String name = Json.text(choice.path("function"), "name");
        if (name != null && tools.stream().noneMatch(tool -> tool.name().equals(name))) {
            throw LlmError.invalid("tool_choice", "tool_choice names no tool of the request: " + name);
        }
        return Optional.ofNullable(name);
    }

    private static Optional<JsonNode> schema(JsonNode format) throws LlmError {
        if (!"json_schema".equals(Json.text(format, "type"))) {
            return Optional.empty();
        }
        JsonNode described = format.path("json_schema");
        String name = Json.text(described, "name");
        if (name == null || !NAME.matcher(name).matches()) {
            throw LlmError.invalid("response_format.json_schema.name", "missing or invalid schema name");
        }
        if (!described.path("schema").isObject()) {
            throw LlmError.invalid("response_format.json_schema.schema", "missing schema");
        }
        if (Json.flag(described, "strict")) {
            strict("response_format.json_schema.schema", described.path("schema"));
        }
        return Optional.of(described.path("schema"));
    }

    /** Strict schemas must demand every property and allow no others. */
    private static void strict(String where, JsonNode schema) throws LlmError {
        if (schema.path("properties").isObject()) {
            Set<String> required = new HashSet<>();
            schema.path("required").forEach(name -> required.add(name.asString("")));
            JsonNode additional = schema.path("additionalProperties");
            if (!additional.isBoolean() || additional.asBoolean()) {
                throw LlmError.invalid(where, "'additionalProperties' is required to be supplied and to be false");
            }
            for (var property : schema.path("properties").properties()) {
                if (!required.contains(property.getKey())) {
                    throw LlmError.invalid(
                            where, "'required' must include every property, missing " + property.getKey());
                }
                strict(where + "." + property.getKey(), property.getValue());
            }
        }
        if (schema.path("items").isObject()) {
            strict(where + ".items", schema.path("items"));
        }
    }

    private static List<String> stops(JsonNode stop) {
        List<String> stops = new ArrayList<>();
        if (stop.isString()) {
            stops.add(stop.asString());
        }
        stop.forEach(one -> stops.add(one.asString("")));
        return stops;
    }

    private static void range(JsonNode json, String key, double min, double max) throws LlmError {
        @Nullable JsonNode value = json.get(key);
        if (value != null
                && !value.isNull()
                && (!value.isNumber() || value.asDouble() < min || value.asDouble() > max)) {
            throw LlmError.invalid(key, key + " must be between " + min + " and " + max + ", got " + value);
        }
    }
}
