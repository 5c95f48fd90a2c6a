package ai.callmeback.vendors.llm;

import ai.callmeback.vendors.settings.VendorSettings;
import ai.callmeback.vendors.wire.Json;
import io.netty.buffer.ByteBuf;
import tools.jackson.core.JsonGenerator;

/** Writes a request as the vendor wants it. Fields that some hosts refuse are only sent where they are needed. */
final class LlmRequestBody {

    private LlmRequestBody() {}

    static void write(LlmRequest request, String model, boolean stream, VendorSettings.Llm settings, ByteBuf into) {
        try (JsonGenerator json = Json.generator(into)) {
            json.writeStartObject();
            json.writeStringProperty("model", model);
            if (stream) {
                json.writeBooleanProperty("stream", true);
                json.writeObjectPropertyStart("stream_options");
                json.writeBooleanProperty("include_usage", true);
                json.writeEndObject();
            }
            json.writeNumberProperty("temperature", request.temperature());
            json.writeNumberProperty(settings.maxTokensField(), request.maxTokens());
            String effort = reasoningEffort(model, settings);
            if (!effort.isEmpty()) {
                json.writeStringProperty("reasoning_effort", effort);
            }
            json.writeArrayPropertyStart("messages");
            request.messages().forEach(message -> message(json, message));
            json.writeEndArray();
            tools(json, request);
            answerSchema(json, request);
            json.writeEndObject();
        }
    }

    private static String reasoningEffort(String model, VendorSettings.Llm settings) {
        return settings.reasoningEffort().isEmpty() && model.startsWith("gpt-oss") ? "low" : settings.reasoningEffort();
    }

    private static void message(JsonGenerator json, LlmMessage message) {
        json.writeStartObject();
        switch (message) {
            case LlmMessage.SystemPrompt(String text) -> roleAndContent(json, "system", text);
            case LlmMessage.User(String text) -> roleAndContent(json, "user", text);
            case LlmMessage.Assistant assistant -> assistant(json, assistant);
            case LlmMessage.ToolResult(String id, String content) -> {
                json.writeStringProperty("role", "tool");
                json.writeStringProperty("tool_call_id", id);
                json.writeStringProperty("content", content);
            }
        }
        json.writeEndObject();
    }

    private static void roleAndContent(JsonGenerator json, String role, String content) {
        json.writeStringProperty("role", role);
        json.writeStringProperty("content", content);
    }

    private static void assistant(JsonGenerator json, LlmMessage.Assistant assistant) {
        roleAndContent(json, "assistant", assistant.text());
        if (assistant.toolCalls().isEmpty()) {
            return;
        }
        json.writeArrayPropertyStart("tool_calls");
        for (LlmEvent.ToolCall call : assistant.toolCalls()) {
            json.writeStartObject();
            json.writeStringProperty("id", call.id());
            json.writeStringProperty("type", "function");
            json.writeObjectPropertyStart("function");
            json.writeStringProperty("name", call.name());
            json.writeStringProperty("arguments", call.argumentsJson());
            json.writeEndObject();
            json.writeEndObject();
        }
        json.writeEndArray();
    }

    private static void tools(JsonGenerator json, LlmRequest request) {
        if (request.tools().isEmpty()) {
            return;
        }
        json.writeArrayPropertyStart("tools");
        for (LlmTool tool : request.tools()) {
            json.writeStartObject();
            json.writeStringProperty("type", "function");
            json.writeObjectPropertyStart("function");
            json.writeStringProperty("name", tool.name());
            json.writeStringProperty("description", tool.description());
            json.writeName("parameters");
            json.writeRawValue(tool.parametersSchema());
            json.writeBooleanProperty("strict", true);
            json.writeEndObject();
            json.writeEndObject();
        }
        json.writeEndArray();
    }

    private static void answerSchema(JsonGenerator json, LlmRequest request) {
        LlmRequest.AnswerSchema schema = request.answerSchema();
        if (schema == null) {
            return;
        }
        json.writeObjectPropertyStart("response_format");
        json.writeStringProperty("type", "json_schema");
        json.writeObjectPropertyStart("json_schema");
        json.writeStringProperty("name", schema.name());
        json.writeBooleanProperty("strict", true);
        json.writeName("schema");
        json.writeRawValue(schema.jsonSchema());
        json.writeEndObject();
        json.writeEndObject();
    }
}
