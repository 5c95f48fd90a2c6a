package ai.callmeback.dev.strangers;

import java.io.IOException;
import java.io.OutputStream;
import java.util.Arrays;
import java.util.Base64;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Somebody else's multi-context speech: every text becomes a hum of 55 ms a character. */
final class StrangersElevenLabs extends TinyServer {

    private static final int MILLIS_PER_CHARACTER = 55;
    private static final int CHARACTERS_PER_PIECE = 17;
    private static final JsonMapper JSON = JsonMapper.builder().build();

    private final String key;
    private final AtomicInteger characters = new AtomicInteger();

    StrangersElevenLabs(String key) throws IOException {
        this.key = key;
    }

    int characters() {
        return characters.get();
    }

    @Override
    Reply http(Request request, OutputStream out) {
        return Reply.json(404, "{\"detail\":{\"status\":\"not_found\",\"message\":\"no such thing\"}}");
    }

    @Override
    Reply refuse(Request request) {
        if (!key.equals(request.headers().get("xi-api-key"))) {
            return Reply.json(401, "{\"detail\":{\"status\":\"invalid_api_key\",\"message\":\"Invalid API key\"}}");
        }
        boolean understood = request.path().matches("/v1/text-to-speech/[A-Za-z0-9]+/multi-stream-input")
                && "ulaw_8000".equals(request.query().get("output_format"));
        return understood ? null : Reply.json(400, "{\"detail\":{\"status\":\"bad\",\"message\":\"cannot speak so\"}}");
    }

    @Override
    void socket(Request request, WebSocketLine line) throws IOException {
        Map<String, StringBuilder> contexts = new HashMap<>();
        Set<String> ever = new HashSet<>();
        for (WebSocketLine.Message message = line.receive(); message != null; message = line.receive()) {
            JsonNode frame = JSON.readTree(message.text());
            if (frame.path("close_socket").asBoolean(false)) {
                line.close(1000);
                return;
            }
            String id = frame.path("context_id").asString("");
            if (id.isEmpty()) {
                continue;
            }
            String text = frame.path("text").asString("");
            if (!contexts.containsKey(id) && !frame.path("close_context").asBoolean(false)) {
                if (contexts.size() == 5 || !text.equals(" ") || !ever.add(id)) {
                    line.close(1008);
                    return;
                }
                contexts.put(id, new StringBuilder());
                continue;
            }
            StringBuilder waiting =
                    contexts.getOrDefault(id, new StringBuilder()).append(text);
            if (frame.path("flush").asBoolean(false)) {
                speak(line, id, waiting);
            }
            if (frame.path("close_context").asBoolean(false) && contexts.remove(id) != null) {
                line.send("{\"isFinal\":true,\"contextId\":\"" + id + "\"}");
            }
        }
    }

    private void speak(WebSocketLine line, String id, StringBuilder waiting) throws IOException {
        String text = waiting.toString();
        waiting.setLength(0);
        characters.addAndGet(text.length());
        for (int at = 0; at < text.length(); at += CHARACTERS_PER_PIECE) {
            String piece = text.substring(at, Math.min(text.length(), at + CHARACTERS_PER_PIECE));
            byte[] hum = Sound.sine(piece.length() * MILLIS_PER_CHARACTER, 220);
            String alignment = "{\"chars\":"
                    + JSON.writeValueAsString(piece.chars()
                            .mapToObj(c -> String.valueOf((char) c))
                            .toList())
                    + ",\"charStartTimesMs\":"
                    + IntStream.range(0, piece.length())
                            .mapToObj(i -> String.valueOf(i * MILLIS_PER_CHARACTER))
                            .collect(Collectors.joining(",", "[", "]"))
                    + ",\"charDurationsMs\":"
                    + Arrays.toString(IntStream.range(0, piece.length())
                            .map(i -> MILLIS_PER_CHARACTER)
                            .toArray())
                    + "}";
            line.send("{\"audio\":\"" + Base64.getEncoder().encodeToString(hum)
                    + "\",\"isFinal\":false,\"contextId\":\"" + id + "\",\"alignment\":" + alignment + "}");
        }
    }
}
