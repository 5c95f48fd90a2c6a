package ai.callmeback.dev.bench.voice;

import io.netty.channel.EventLoopGroup;
import java.util.Arrays;
import java.util.Base64;
import java.util.HashMap;
import java.util.Map;
import org.reactivestreams.Publisher;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.netty.DisposableServer;
import reactor.netty.http.server.HttpServer;
import reactor.netty.http.server.HttpServerRequest;
import reactor.netty.http.server.HttpServerResponse;
import reactor.netty.http.server.WebsocketServerSpec;
import reactor.netty.http.websocket.WebsocketInbound;
import reactor.netty.http.websocket.WebsocketOutbound;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Vendors that answer at once and cost next to nothing: speech-to-text that ends a turn when loud audio gives way to
 * silence, a model with one answer, a voice of 60 ms a character. Only as much of each protocol as a client needs.
 */
final class VendorStubs implements AutoCloseable {
    static final byte LOUD = 0x2A;

    private static final JsonMapper JSON = JsonMapper.shared();
    private static final int CHARACTER_BYTES = 480;
    private static final int PIECE_CHARACTERS = 12;
    private static final String ANSWER = "data: {\"id\":\"1\",\"model\":\"m\",\"choices\":[{\"index\":0,\"delta\":"
            + "{\"content\":\"Thank you for telling me, that is good to hear. \"},\"finish_reason\":null}]}\n\n"
            + "data: {\"id\":\"1\",\"model\":\"m\",\"choices\":[{\"index\":0,\"delta\":"
            + "{\"content\":\"What is next?\"},\"finish_reason\":\"stop\"}]}\n\n"
            + "data: {\"id\":\"1\",\"model\":\"m\",\"choices\":[],\"usage\":{\"prompt_tokens\":90,"
            + "\"completion_tokens\":18,\"total_tokens\":108}}\n\ndata: [DONE]\n\n";

    private final DisposableServer server;

    VendorStubs(EventLoopGroup loops) {
        WebsocketServerSpec large =
                WebsocketServerSpec.builder().maxFramePayloadLength(1 << 20).build();
        server = HttpServer.create()
                .host("127.0.0.1")
                .port(0)
                .runOn(loops)
                .route(routes -> routes.ws("/deepgram/v2/listen", VendorStubs::listen, large)
                        .ws("/elevenlabs/v1/text-to-speech/{voice}/multi-stream-input", VendorStubs::speak, large)
                        .post("/llm/chat/completions", VendorStubs::answer))
                .bindNow();
    }

    int port() {
        return server.port();
    }

    @Override
    public void close() {
        server.disposeNow();
    }

    private static Publisher<Void> listen(WebsocketInbound in, WebsocketOutbound out) {
        int[] turn = new int[1];
        boolean[] loud = new boolean[1];
        Flux<String> events = in.receive().concatMapIterable(audio -> {
            boolean now = audio.isReadable() && audio.getByte(audio.writerIndex() - 1) == LOUD;
            boolean changed = now != loud[0];
            loud[0] = now;
            if (!changed) {
                return java.util.List.of();
            }
            return java.util.List.of(now ? turnInfo("StartOfTurn", turn[0]) : turnInfo("EndOfTurn", turn[0]++));
        });
        return out.sendString(
                Flux.concat(Flux.just("{\"type\":\"Connected\",\"request_id\":\"r\",\"sequence_id\":0}"), events));
    }

    private static String turnInfo(String event, int turn) {
        return "{\"type\":\"TurnInfo\",\"request_id\":\"r\",\"sequence_id\":1,\"event\":\"" + event
                + "\",\"turn_index\":" + turn + ",\"audio_window_start\":0.0,\"audio_window_end\":1.0,"
                + "\"transcript\":\"I went for a walk.\",\"words\":[],\"end_of_turn_confidence\":0.9}";
    }

    private static Publisher<Void> speak(WebsocketInbound in, WebsocketOutbound out) {
        Map<String, StringBuilder> contexts = new HashMap<>();
        Flux<String> replies = in.receive().asString().concatMapIterable(message -> {
            JsonNode frame = JSON.readTree(message);
            String context = frame.path("context_id").asString("");
            StringBuilder text = contexts.computeIfAbsent(context, id -> new StringBuilder());
            java.util.List<String> answer = new java.util.ArrayList<>();
            String more = frame.path("text").asString("");
            if (!more.isBlank()) {
                text.append(more);
            }
            if (frame.path("flush").asBoolean(false)
                    || frame.path("close_context").asBoolean(false)) {
                for (int at = 0; at < text.length(); at += PIECE_CHARACTERS) {
                    answer.add(piece(context, text.substring(at, Math.min(text.length(), at + PIECE_CHARACTERS))));
                }
                text.setLength(0);
            }
            if (frame.path("close_context").asBoolean(false)) {
                contexts.remove(context);
                answer.add("{\"isFinal\":true,\"contextId\":\"" + context + "\"}");
            }
            return answer;
        });
        return out.sendString(replies);
    }

    private static String piece(String context, String text) {
        byte[] audio = new byte[text.length() * CHARACTER_BYTES];
        Arrays.fill(audio, (byte) 0x55);
        int[] starts = new int[text.length()];
        int[] durations = new int[text.length()];
        for (int i = 0; i < starts.length; i++) {
            starts[i] = i * CHARACTER_BYTES / 8;
            durations[i] = CHARACTER_BYTES / 8;
        }
        return JSON.writeValueAsString(Map.of(
                        "audio",
                        Base64.getEncoder().encodeToString(audio),
                        "contextId",
                        context,
                        "alignment",
                        Map.of("chars", text.split("", -1), "charStartTimesMs", starts, "charDurationsMs", durations)))
                .replace(",\"\"]", "]");
    }

    private static Publisher<Void> answer(HttpServerRequest request, HttpServerResponse response) {
        return request.receive()
                .then(response.header("Content-Type", "text/event-stream")
                        .sendString(Mono.just(ANSWER))
                        .then());
    }
}
