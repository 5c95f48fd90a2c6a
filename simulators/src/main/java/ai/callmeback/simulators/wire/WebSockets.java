package ai.callmeback.simulators.wire;

import io.netty.handler.codec.http.websocketx.BinaryWebSocketFrame;
import io.netty.handler.codec.http.websocketx.TextWebSocketFrame;
import io.netty.handler.codec.http.websocketx.WebSocketFrame;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.http.server.reactive.AbstractServerHttpResponse;
import org.springframework.http.server.reactive.ServerHttpResponse;
import org.springframework.http.server.reactive.ServerHttpResponseDecorator;
import org.springframework.web.server.ServerWebExchange;
import reactor.core.publisher.Mono;
import reactor.netty.http.server.HttpServerResponse;
import reactor.netty.http.server.WebsocketServerSpec;
import reactor.netty.http.websocket.WebsocketInbound;
import reactor.netty.http.websocket.WebsocketOutbound;

/** Upgrades requests to WebSockets that are served frame by frame. */
public final class WebSockets {
    private static final Logger log = LoggerFactory.getLogger(WebSockets.class);
    private static final int MAX_FRAME_BYTES = 1 << 20;

    private WebSockets() {}

    /** Whether the request asks for a WebSocket at all. */
    public static boolean isUpgrade(ServerWebExchange exchange) {
        return "websocket".equalsIgnoreCase(exchange.getRequest().getHeaders().getUpgrade());
    }

    /**
     * Answers 101 and serves the connection until it ends. Headers set on the response before go with the 101.
     *
     * @param subprotocol the one to select, if the client offered any
     */
    public static Mono<Void> serve(
            ServerWebExchange exchange, @Nullable String subprotocol, Function<Peer, SocketHandler> handlers) {
        ServerHttpResponse response = exchange.getResponse();
        WebsocketServerSpec.Builder spec = WebsocketServerSpec.builder().maxFramePayloadLength(MAX_FRAME_BYTES);
        WebsocketServerSpec chosen =
                subprotocol == null ? spec.build() : spec.protocols(subprotocol).build();
        return response.setComplete()
                .then(Mono.defer(() -> nativeResponse(response)
                        .sendWebsocket((inbound, outbound) -> serve(inbound, outbound, handlers), chosen)));
    }

    private static HttpServerResponse nativeResponse(ServerHttpResponse response) {
        return response instanceof ServerHttpResponseDecorator
                ? ServerHttpResponseDecorator.getNativeResponse(response)
                : ((AbstractServerHttpResponse) response).getNativeResponse();
    }

    private static Mono<Void> serve(
            WebsocketInbound inbound, WebsocketOutbound outbound, Function<Peer, SocketHandler> handlers) {
        AtomicReference<SocketHandler> served = new AtomicReference<>();
        inbound.withConnection(connection -> {
            SocketHandler handler = handlers.apply(new Peer(connection.channel(), outbound));
            served.set(handler);
            connection.channel().closeFuture().addListener(closed -> handler.closed());
            handler.opened();
        });
        SocketHandler handler = served.get();
        return inbound.aggregateFrames(MAX_FRAME_BYTES)
                .receiveFrames()
                .doOnNext(frame -> deliver(frame, handler))
                .onErrorResume(WebSockets::connectionError)
                .then();
    }

    private static Mono<WebSocketFrame> connectionError(Throwable error) {
        // A broken frame or a reset ends the connection; the handler hears of it by closed().
        log.debug("socket ended by {}", error.toString());
        return Mono.empty();
    }

    private static void deliver(WebSocketFrame frame, SocketHandler handler) {
        if (frame instanceof TextWebSocketFrame) {
            handler.text(frame.content().toString(StandardCharsets.UTF_8));
        } else if (frame instanceof BinaryWebSocketFrame) {
            handler.binary(frame.content());
        }
    }
}
