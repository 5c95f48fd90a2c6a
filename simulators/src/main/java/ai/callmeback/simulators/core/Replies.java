package ai.callmeback.simulators.core;

import java.time.Duration;
import org.springframework.http.server.reactive.AbstractServerHttpResponse;
import org.springframework.http.server.reactive.ServerHttpResponse;
import org.springframework.http.server.reactive.ServerHttpResponseDecorator;
import reactor.core.publisher.Mono;
import reactor.netty.DisposableChannel;
import reactor.netty.http.server.HttpServerResponse;

/** How an HTTP answer goes missing. */
public final class Replies {
    /** Longer than any client waits, short enough that a forgotten connection does not stay for ever. */
    private static final Duration FOREVER = Duration.ofMinutes(15);

    private Replies() {}

    /** Cuts the connection without an answer, as a crashing proxy does. */
    public static <T> Mono<T> drop(ServerHttpResponse response) {
        return Mono.defer(() -> {
            Object nativeResponse = response instanceof ServerHttpResponseDecorator
                    ? ServerHttpResponseDecorator.getNativeResponse(response)
                    : ((AbstractServerHttpResponse) response).getNativeResponse();
            ((HttpServerResponse) nativeResponse).withConnection(DisposableChannel::dispose);
            return Mono.<T>never().take(FOREVER);
        });
    }

    /** Keeps the connection open and says nothing. */
    public static <T> Mono<T> silence() {
        return Mono.<T>never().take(FOREVER);
    }
}
