package ai.callmeback.voice.rehearsal;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.reactivestreams.Publisher;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.netty.http.server.HttpServerRequest;
import reactor.netty.http.server.HttpServerResponse;
import reactor.netty.http.server.HttpServerRoutes;
import reactor.netty.http.server.WebsocketServerSpec;
import reactor.netty.http.websocket.WebsocketInbound;
import reactor.netty.http.websocket.WebsocketOutbound;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Vendors in this process that answer at once and cost nothing: speech-to-text that ends a turn when loud audio gives way
 * to silence, a model with one answer, a voice of so many bytes a character. Only as much of each protocol as a client
 * needs. For rehearsals and benches.
 */
public final class StandInVendors {
    /** A sample that counts as loud. */
    public static final byte LOUD = 0x2A;

    private static final JsonMapper JSON = JsonMapper.shared();
    private static final int PIECE_CHARACTERS = 12;

    private final int characterBytes;
    private final String answer;

    /** By words. Those who rehearse and measure say the same few phrases again and again. */
    private final Map<String, Piece> pieces = new ConcurrentHashMap<>();

    /**
     * @param characterBytes of audio for each character spoken; eight make a millisecond
     * @param answers what the model always says, in the pieces it says it in
     */
    public StandInVendors(int characterBytes, List<String> answers) {
        this.characterBytes = characterBytes;
        StringBuilder events = new StringBuilder();
        for (int i = 0; i < answers.size(); i++) {
            events.append("data: {\"id\":\"1\",\"model\":\"m\",\"choices\":[{\"index\":0,\"delta\":{\"content\":\"")
                    .append(answers.get(i))
                    .append("\"},\"finish_reason\":")
                    .append(i + 1 == answers.size() ? "\"stop\"" : "null")
                    .append("}]}\n\n");
        }
        this.answer = events
                + "data: {\"id\":\"1\",\"model\":\"m\",\"choices\":[],\"usage\":{\"prompt_tokens\":90,"
                + "\"completion_tokens\":18,\"total_tokens\":108}}\n\ndata: [DONE]\n\n";
    }

    /** Adds them to a server: under {@code /deepgram}, {@code /elevenlabs} and {@code /llm}. */
    public HttpServerRoutes route(HttpServerRoutes routes) {
        WebsocketServerSpec large =
                WebsocketServerSpec.builder().maxFramePayloadLength(1 << 20).build();
        return routes.ws("/deepgram/v2/listen", StandInVendors::listen, large)
                .ws("/elevenlabs/v1/text-to-speech/{voice}/multi-stream-input", this::speak, large)
                .post("/llm/chat/completions", this::answer);
    }

    private static Publisher<Void> listen(WebsocketInbound in, WebsocketOutbound out) {
        int[] turn = new int[1];
        boolean[] loud = new boolean[1];
        Flux<String> events = in.receive().handle((audio, told) -> {
            boolean now = audio.isReadable() && audio.getByte(audio.writerIndex() - 1) == LOUD;
            if (now != loud[0]) {
                loud[0] = now;
                told.next(now ? turnInfo("StartOfTurn", turn[0]) : turnInfo("EndOfTurn", turn[0]++));
            }
        });
        return out.sendString(
                Flux.concat(Flux.just("{\"type\":\"Connected\",\"request_id\":\"r\",\"sequence_id\":0}"), events));
    }

    private static String turnInfo(String event, int turn) {
        return "{\"type\":\"TurnInfo\",\"request_id\":\"r\",\"sequence_id\":1,\"event\":\"" + event
                + "\",\"turn_index\":" + turn + ",\"audio_window_start\":0.0,\"audio_window_end\":1.0,"
                + "\"transcript\":\"I went for a walk.\",\"words\":[],\"end_of_turn_confidence\":0.9}";
    }

    private Publisher<Void> speak(WebsocketInbound in, WebsocketOutbound out) {
        Map<String, StringBuilder> contexts = new HashMap<>();
        Flux<String> speech = in.receive().asString().concatMapIterable(message -> {
            JsonNode frame = JSON.readTree(message);
            String context = frame.path("context_id").asString("");
            StringBuilder text = contexts.computeIfAbsent(context, id -> new StringBuilder());
            List<String> replies = new ArrayList<>();
            String more = frame.path("text").asString("");
            if (!more.isBlank()) {
                text.append(more);
            }
            if (frame.path("flush").asBoolean(false)
                    || frame.path("close_context").asBoolean(false)) {
                for (int at = 0; at < text.length(); at += PIECE_CHARACTERS) {
                    String words = text.substring(at, Math.min(text.length(), at + PIECE_CHARACTERS));
                    replies.add(pieces.computeIfAbsent(words, this::piece).in(context));
                }
                text.setLength(0);
            }
            if (frame.path("close_context").asBoolean(false)) {
                contexts.remove(context);
                replies.add("{\"isFinal\":true,\"contextId\":\"" + context + "\"}");
            }
            return replies;
        });
        return out.sendString(speech);
    }

    /** A message of audio, whole but for the context it belongs to: making it anew each time would be the delay of a vendor. */
    private record Piece(String before, String after) {
        String in(String context) {
            return before + context + after;
        }
    }

    private Piece piece(String text) {
        byte[] audio = new byte[text.length() * characterBytes];
        Arrays.fill(audio, (byte) 0x55);
        int[] starts = new int[text.length()];
        int[] durations = new int[text.length()];
        for (int i = 0; i < starts.length; i++) {
            starts[i] = i * characterBytes / 8;
            durations[i] = characterBytes / 8;
        }
        String alignment = JSON.writeValueAsString(Map.of(
                "chars",
                text.codePoints().mapToObj(Character::toString).toList(),
                "charStartTimesMs",
                starts,
                "charDurationsMs",
                durations));
        return new Piece(
                "{\"audio\":\"" + Base64.getEncoder().encodeToString(audio) + "\",\"contextId\":\"",
                "\",\"alignment\":" + alignment + "}");
    }

    private Publisher<Void> answer(HttpServerRequest request, HttpServerResponse response) {
        return request.receive()
                .then(response.header("Content-Type", "text/event-stream")
                        .sendString(Mono.just(answer))
                        .then());
    }
}
