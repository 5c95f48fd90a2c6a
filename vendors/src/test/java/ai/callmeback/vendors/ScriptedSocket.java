package ai.callmeback.vendors;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.netty.buffer.ByteBufUtil;
import io.netty.channel.Channel;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.websocketx.BinaryWebSocketFrame;
import io.netty.handler.codec.http.websocketx.CloseWebSocketFrame;
import io.netty.handler.codec.http.websocketx.TextWebSocketFrame;
import io.netty.handler.codec.http.websocketx.WebSocketFrame;
import java.io.ByteArrayOutputStream;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.function.BiConsumer;
import reactor.core.publisher.Mono;
import reactor.netty.DisposableServer;
import reactor.netty.http.server.HttpServer;
import reactor.netty.http.server.WebsocketServerSpec;

/** A WebSocket vendor that does what the test says: it keeps what it was sent and sends what it is told. */
@SuppressWarnings("FutureReturnValueIgnored") // a write to a client that is gone is part of the tests
public final class ScriptedSocket implements AutoCloseable {

    public final List<String> texts = new CopyOnWriteArrayList<>();
    public final List<Integer> audioSizes = new CopyOnWriteArrayList<>();
    public final List<Integer> closeCodes = new CopyOnWriteArrayList<>();
    private final ByteArrayOutputStream audio = new ByteArrayOutputStream();
    private final CompletableFuture<String> uri = new CompletableFuture<>();
    private final CompletableFuture<HttpHeaders> headers = new CompletableFuture<>();
    private final CompletableFuture<Channel> channel = new CompletableFuture<>();
    private final DisposableServer server;

    private ScriptedSocket(BiConsumer<ScriptedSocket, String> onText, Mono<Void> beforeUpgrade) {
        server = HttpServer.create()
                .host("127.0.0.1")
                .port(0)
                .handle((request, response) -> {
                    uri.complete(request.uri());
                    headers.complete(request.requestHeaders().copy());
                    response.header("dg-request-id", "req-1");
                    return beforeUpgrade.then(Mono.defer(() -> response.sendWebsocket(
                            (in, out) -> {
                                in.withConnection(connection -> channel.complete(connection.channel()));
                                in.receiveCloseStatus()
                                        .doOnNext(status -> closeCodes.add(status.code()))
                                        .subscribe();
                                return in.receiveFrames()
                                        .doOnNext(frame -> received(frame, onText))
                                        .then();
                            },
                            WebsocketServerSpec.builder().handlePing(true).build())));
                })
                .bindNow();
    }

    public static ScriptedSocket quiet() {
        return new ScriptedSocket((socket, text) -> {}, Mono.empty());
    }

    public static ScriptedSocket answering(BiConsumer<ScriptedSocket, String> onText) {
        return new ScriptedSocket(onText, Mono.empty());
    }

    /** Accepts the connection and never answers the upgrade. */
    public static ScriptedSocket deaf() {
        return new ScriptedSocket((socket, text) -> {}, Mono.never());
    }

    private void received(WebSocketFrame frame, BiConsumer<ScriptedSocket, String> onText) {
        switch (frame) {
            case TextWebSocketFrame text -> {
                texts.add(text.text());
                onText.accept(this, text.text());
            }
            case BinaryWebSocketFrame binary -> {
                audioSizes.add(binary.content().readableBytes());
                synchronized (audio) {
                    audio.writeBytes(ByteBufUtil.getBytes(binary.content()));
                }
            }
            default -> {}
        }
    }

    public byte[] audio() {
        synchronized (audio) {
            return audio.toByteArray();
        }
    }

    public int port() {
        return server.port();
    }

    public String uri() {
        return get(uri);
    }

    public HttpHeaders headers() {
        return get(headers);
    }

    public void send(String json) {
        get(channel).writeAndFlush(new TextWebSocketFrame(json));
    }

    public void closeWith(int code, String reason) {
        get(channel).writeAndFlush(new CloseWebSocketFrame(code, reason));
    }

    /** Cuts the connection without a goodbye. */
    public void drop() {
        get(channel).close();
    }

    public String awaitText(String part) {
        await().atMost(Duration.ofSeconds(10))
                .pollInterval(Duration.ofMillis(5))
                .untilAsserted(() -> assertThat(texts).anyMatch(text -> text.contains(part)));
        return texts.stream().filter(text -> text.contains(part)).findFirst().orElseThrow();
    }

    private static <T> T get(CompletableFuture<T> future) {
        try {
            return future.get(10, TimeUnit.SECONDS);
        } catch (Exception e) {
            throw new AssertionError("nobody connected", e);
        }
    }

    @Override
    public void close() {
        server.disposeNow();
    }
}
