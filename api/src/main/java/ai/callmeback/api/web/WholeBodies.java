package ai.callmeback.api.web;

import org.reactivestreams.Publisher;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.core.io.buffer.DataBuffer;
import org.springframework.core.io.buffer.DataBufferUtils;
import org.springframework.http.server.reactive.ServerHttpResponse;
import org.springframework.http.server.reactive.ServerHttpResponseDecorator;
import org.springframework.stereotype.Component;
import org.springframework.web.server.ServerWebExchange;
import org.springframework.web.server.WebFilter;
import org.springframework.web.server.WebFilterChain;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * Sends a file in one piece. In several, a client that has counted its bytes sends its next request before Reactor Netty
 * has put the answer away; version 1.3.6 then queues that request and never takes up the reading of the connection again
 * (reactor/reactor-netty#4361, the way that the library's switch does not close). A page and its modules come over a
 * handful of kept connections, so one in eighty requests of a browser hung, among them sign-ins. Event streams, whose
 * length is not known, pass untouched.
 */
@Component
@Order(Ordered.HIGHEST_PRECEDENCE + 5)
class WholeBodies implements WebFilter {
    /** More than any file we serve. */
    private static final int MAX_BYTES = 8 * 1024 * 1024;

    @Override
    public Mono<Void> filter(ServerWebExchange exchange, WebFilterChain chain) {
        ServerHttpResponse whole = new Whole(exchange.getResponse());
        return chain.filter(exchange.mutate().response(whole).build());
    }

    private static final class Whole extends ServerHttpResponseDecorator {
        Whole(ServerHttpResponse response) {
            super(response);
        }

        @Override
        public Mono<Void> writeWith(Publisher<? extends DataBuffer> body) {
            long length = getHeaders().getContentLength();
            boolean pieces = body instanceof Flux && length > 0 && length <= MAX_BYTES;
            return super.writeWith(pieces ? DataBufferUtils.join(body, MAX_BYTES) : body);
        }
    }
}
