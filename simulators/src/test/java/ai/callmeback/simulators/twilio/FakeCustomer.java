package ai.callmeback.simulators.twilio;

import ai.callmeback.simulators.speech.Hearing;
import ai.callmeback.simulators.speech.SpeechDecoder;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;
import reactor.netty.DisposableServer;
import reactor.netty.http.server.HttpServer;
import reactor.netty.http.server.HttpServerRequest;
import reactor.netty.http.server.HttpServerResponse;
import reactor.netty.http.websocket.WebsocketInbound;
import reactor.netty.http.websocket.WebsocketOutbound;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** A customer of the telephone company: serves TwiML, takes callbacks, and has a media server. */
final class FakeCustomer implements AutoCloseable {
    private static final JsonMapper JSON = JsonMapper.builder().build();

    /** A callback as it came. */
    record Callback(
            String path,
            Map<String, String> form,
            @Nullable String signature,
            @Nullable String token) {}

    /** One media socket. */
    static final class Media {
        final List<JsonNode> messages = new CopyOnWriteArrayList<>();
        private final Hearing heard = new Hearing();
        final @Nullable String signature;
        private final SpeechDecoder decoder = new SpeechDecoder(heard);
        private final Sinks.Many<String> out = Sinks.many().unicast().onBackpressureBuffer();
        private volatile @Nullable WebsocketInbound socket;

        Media(@Nullable String signature) {
            this.signature = signature;
        }

        String streamSid() {
            return event("start").get(0).get("streamSid").asString();
        }

        List<JsonNode> event(String name) {
            return messages.stream()
                    .filter(message -> name.equals(message.get("event").asString()))
                    .toList();
        }

        List<String> marks() {
            return event("mark").stream()
                    .map(message -> message.get("mark").get("name").asString())
                    .toList();
        }

        void send(String json) {
            out.emitNext(json, Sinks.EmitFailureHandler.busyLooping(Duration.ofSeconds(1)));
        }

        void audio(byte[] audio) {
            send("{\"event\":\"media\",\"streamSid\":\"" + streamSid() + "\",\"media\":{\"payload\":\""
                    + Base64.getEncoder().encodeToString(audio) + "\"}}");
        }

        void mark(String name) {
            send("{\"event\":\"mark\",\"streamSid\":\"" + streamSid() + "\",\"mark\":{\"name\":\"" + name + "\"}}");
        }

        void clear() {
            send("{\"event\":\"clear\",\"streamSid\":\"" + streamSid() + "\"}");
        }

        /** Ends the socket with a close frame. */
        void close() {
            out.tryEmitComplete();
        }

        /** Breaks the connection as a killed process does. */
        void breakOff() {
            WebsocketInbound open = socket;
            if (open != null) {
                // Not dispose(): that would still send a close frame.
                open.withConnection(connection -> connection
                        .channel()
                        .eventLoop()
                        .execute(() -> connection.channel().unsafe().closeForcibly()));
            }
        }

        /** All that was heard so far. */
        String heardText() {
            synchronized (heard) {
                return heard.text();
            }
        }

        Hearing.Faults heardFaults() {
            synchronized (heard) {
                return heard.faults();
            }
        }

        private void receive(String text) {
            JsonNode message = JSON.readTree(text);
            if (message.get("event").asString().equals("media")) {
                byte[] audio = Base64.getDecoder()
                        .decode(message.get("media").get("payload").asString());
                synchronized (heard) {
                    decoder.accept(audio, 0, audio.length);
                }
            }
            messages.add(message);
        }
    }

    final Queue<Callback> callbacks = new ConcurrentLinkedQueue<>();
    final List<Media> media = new CopyOnWriteArrayList<>();
    volatile Function<Callback, String> twiml = callback -> "<Response/>";
    volatile String contentType = "text/xml";
    volatile int callbackStatus = 204;
    private final DisposableServer server;

    FakeCustomer() {
        server = HttpServer.create()
                .host("127.0.0.1")
                .port(0)
                .route(routes -> routes.post("/voice/**", (request, response) -> voice(request, response))
                        .post(
                                "/callback/**",
                                (request, response) -> callback(request)
                                        .then(Mono.defer(() -> response.status(callbackStatus)
                                                .send()
                                                .then())))
                        .ws("/media/{n}", this::media))
                .bindNow();
    }

    String url(String path) {
        return "http://127.0.0.1:" + server.port() + path;
    }

    String mediaUrl(int number) {
        return "ws://127.0.0.1:" + server.port() + "/media/" + number;
    }

    private Mono<Void> voice(HttpServerRequest request, HttpServerResponse response) {
        return callback(request)
                .flatMap(callback -> response.header("Content-Type", contentType)
                        .sendString(Mono.just(twiml.apply(callback)))
                        .then());
    }

    private Mono<Callback> callback(HttpServerRequest request) {
        return request.receive()
                .aggregate()
                .asString(StandardCharsets.UTF_8)
                .defaultIfEmpty("")
                .map(body -> {
                    Callback callback = new Callback(
                            request.uri(),
                            form(body),
                            request.requestHeaders().get(Signature.HEADER),
                            request.requestHeaders().get("I-Twilio-Idempotency-Token"));
                    callbacks.add(callback);
                    return callback;
                });
    }

    private static Map<String, String> form(String body) {
        Map<String, String> form = new TreeMap<>();
        for (String field : body.split("&", -1)) {
            int equals = field.indexOf('=');
            if (equals > 0) {
                form.put(
                        URLDecoder.decode(field.substring(0, equals), StandardCharsets.UTF_8),
                        URLDecoder.decode(field.substring(equals + 1), StandardCharsets.UTF_8));
            }
        }
        return form;
    }

    private Mono<Void> media(WebsocketInbound in, WebsocketOutbound out) {
        Media session = new Media(in.headers().get("x-twilio-signature"));
        session.socket = in;
        media.add(session);
        Mono<Void> receiving =
                in.receive().asString().doOnNext(session::receive).then();
        Mono<Void> sending = out.sendString(session.out.asFlux()).then().then(out.sendClose());
        return Mono.firstWithSignal(receiving, sending);
    }

    List<Callback> statuses() {
        return callbacks.stream()
                .filter(callback -> callback.path().startsWith("/callback/status"))
                .toList();
    }

    @Override
    public void close() {
        server.disposeNow();
    }
}
