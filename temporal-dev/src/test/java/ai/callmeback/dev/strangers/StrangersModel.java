package ai.callmeback.dev.strangers;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** Somebody else's chat model: it answers every turn with the same kind of sentence, word by word. */
final class StrangersModel extends TinyServer {

    private static final JsonMapper JSON = JsonMapper.builder().build();

    private final String key;
    final List<String> lastUserLines = new CopyOnWriteArrayList<>();

    StrangersModel(String key) throws IOException {
        this.key = key;
    }

    @Override
    Reply http(Request request, OutputStream out) throws IOException {
        if (!("Bearer " + key).equals(request.headers().get("authorization"))) {
            return Reply.json(
                    401,
                    "{\"error\":{\"message\":\"Incorrect API key\",\"type\":\"invalid_request_error\",\"param\":null,"
                            + "\"code\":\"invalid_api_key\"}}");
        }
        if (!request.path().equals("/chat/completions")) {
            return Reply.json(404, "{\"error\":{\"message\":\"no such thing\",\"type\":\"x\",\"code\":null}}");
        }
        JsonNode question = JSON.readTree(request.body());
        String heard = "";
        for (JsonNode message : question.path("messages")) {
            if (message.path("role").asString("").equals("user")) {
                heard = message.path("content").asString("");
            }
        }
        lastUserLines.add(heard);
        if (question.path("stream").asBoolean(false)) {
            stream(out);
            return null;
        }
        ObjectNode answer = JSON.createObjectNode();
        answer.put("id", "x").put("object", "chat.completion").put("created", 1).put("model", "any");
        ObjectNode choice = answer.putArray("choices").addObject();
        choice.put("index", 0).put("finish_reason", "stop");
        choice.putObject("message").put("role", "assistant").put("content", content(question));
        answer.putObject("usage")
                .put("prompt_tokens", 9)
                .put("completion_tokens", 3)
                .put("total_tokens", 12);
        return Reply.json(200, answer.toString());
    }

    /** The least that fits the schema asked for, or a plain sentence. */
    private static String content(JsonNode question) {
        JsonNode schema = question.path("response_format").path("json_schema").path("schema");
        if (schema.isMissingNode()) {
            return "A short friendly call.";
        }
        ObjectNode least = JSON.createObjectNode();
        schema.path("properties").properties().forEach(property -> {
            JsonNode type = property.getValue();
            switch (type.path("type").asString("")) {
                case "boolean" -> least.put(property.getKey(), true);
                case "integer", "number" -> least.put(property.getKey(), 0);
                case "array" -> least.putArray(property.getKey());
                case "object" -> least.putObject(property.getKey());
                default ->
                    least.put(
                            property.getKey(),
                            type.has("enum") ? type.path("enum").get(0).asString() : "ok");
            }
        });
        return least.toString();
    }

    private static void stream(OutputStream out) throws IOException {
        out.write("HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nConnection: close\r\n\r\n"
                .getBytes(StandardCharsets.US_ASCII));
        event(out, "{\"index\":0,\"delta\":{\"role\":\"assistant\",\"content\":\"\"},\"finish_reason\":null}", "null");
        for (String word :
                List.of("Good ", "to ", "hear ", "that. ", "Please ", "tell ", "me ", "a ", "little ", "more.")) {
            event(out, "{\"index\":0,\"delta\":{\"content\":\"" + word + "\"},\"finish_reason\":null}", "null");
        }
        event(out, "{\"index\":0,\"delta\":{},\"finish_reason\":\"stop\"}", "null");
        event(out, "", "{\"prompt_tokens\":40,\"completion_tokens\":11,\"total_tokens\":51}");
        out.write("data: [DONE]\n\n".getBytes(StandardCharsets.US_ASCII));
        out.flush();
    }

    private static void event(OutputStream out, String choice, String usage) throws IOException {
        out.write(
                ("data: {\"id\":\"x\",\"object\":\"chat.completion.chunk\",\"created\":1,\"model\":\"any\",\"choices\":["
                                + choice + "],\"usage\":" + usage + "}\n\n")
                        .getBytes(StandardCharsets.UTF_8));
        out.flush();
    }
}
