package ai.callmeback.vendors;

import io.netty.buffer.Unpooled;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Function;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.netty.DisposableServer;
import reactor.netty.http.server.HttpServer;
import reactor.netty.http.server.HttpServerRequest;

/** An HTTP vendor that does what the test says and keeps what it was asked. */
public final class ScriptedHttp implements AutoCloseable {

    /** @param headers names in lower case */
    public record Asked(String method, String uri, Map<String, String> headers, String body, int connection) {}

    /** What to answer; {@code pieces} are written and flushed one by one. */
    public record Reply(int status, Map<String, String> headers, List<byte[]> pieces, End end) {
        public enum End {
            COMPLETE,
            /** The connection is cut after the pieces. */
            DROP,
            /** Nothing more comes, and the connection stays. */
            SILENCE
        }

        public static Reply of(int status, String body) {
            return new Reply(status, Map.of(), List.of(body.getBytes(StandardCharsets.UTF_8)), End.COMPLETE);
        }

        public static Reply drop() {
            return new Reply(0, Map.of(), List.of(), End.DROP);
        }

        public static Reply silence() {
            return new Reply(0, Map.of(), List.of(), End.SILENCE);
        }

        public Reply with(String name, String value) {
            return new Reply(status, Map.of(name, value), pieces, end);
        }
    }

    public final List<Asked> asked = new CopyOnWriteArrayList<>();
    private final DisposableServer server;

    public ScriptedHttp(Function<Asked, Reply> script) {
        server = HttpServer.create()
                .host("127.0.0.1")
                .port(0)
                .handle((request, response) -> request.receive()
                        .aggregate()
                        .asString()
                        .defaultIfEmpty("")
                        .flatMap(body -> {
                            Map<String, String> headers = new TreeMap<>();
                            request.requestHeaders()
                                    .forEach(header ->
                                            headers.put(header.getKey().toLowerCase(Locale.ROOT), header.getValue()));
                            int[] connection = new int[1];
                            request.withConnection(
                                    c -> connection[0] = c.channel().id().hashCode());
                            Asked question =
                                    new Asked(request.method().name(), request.uri(), headers, body, connection[0]);
                            asked.add(question);
                            Reply reply = script.apply(question);
                            if (reply.status == 0) {
                                return end(reply.end, request);
                            }
                            response.status(reply.status);
                            reply.headers.forEach(response::header);
                            return response.sendGroups(Flux.fromIterable(reply.pieces)
                                            .map(piece -> Mono.just(Unpooled.wrappedBuffer(piece))))
                                    .then()
                                    .then(Mono.defer(() -> end(reply.end, request)));
                        }))
                .bindNow();
    }

    private static Mono<Void> end(Reply.End end, HttpServerRequest request) {
        return switch (end) {
            case COMPLETE -> Mono.empty();
            case SILENCE -> Mono.never();
            case DROP -> {
                request.withConnection(connection -> connection.dispose());
                yield Mono.never();
            }
        };
    }

    public URI base(String path) {
        return URI.create("http://127.0.0.1:" + server.port() + path);
    }

    @Override
    public void close() {
        server.disposeNow();
    }
}
