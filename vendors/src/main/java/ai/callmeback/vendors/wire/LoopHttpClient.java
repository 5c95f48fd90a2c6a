package ai.callmeback.vendors.wire;

import ai.callmeback.vendors.VendorFault.Kind;
import ai.callmeback.vendors.settings.Urls;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ConnectTimeoutException;
import io.netty.channel.EventLoop;
import io.netty.handler.codec.http.DefaultFullHttpRequest;
import io.netty.handler.codec.http.FullHttpRequest;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.util.AttributeKey;
import io.netty.util.concurrent.FastThreadLocal;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * HTTP/1.1 requests whose connection, callbacks and pool all live on one event loop. Every loop keeps its own idle
 * connections per address, newest first, at most {@value #MAX_IDLE} and none older than {@value #MAX_IDLE_MILLIS} ms,
 * which is below what servers commonly keep.
 */
@SuppressWarnings("FutureReturnValueIgnored") // a failed write or close shows as exceptionCaught or channelInactive
public final class LoopHttpClient {

    static final int MAX_IDLE = 128;
    static final long MAX_IDLE_MILLIS = 20_000;

    private static final AttributeKey<Long> IDLE_SINCE = AttributeKey.valueOf(LoopHttpClient.class, "idleSince");

    /** Per instance and per loop thread, so that nothing here is ever shared between threads. */
    private final FastThreadLocal<Map<String, ArrayDeque<Channel>>> idle = new FastThreadLocal<>() {
        @Override
        protected Map<String, ArrayDeque<Channel>> initialValue() {
            return new HashMap<>();
        }
    };

    /**
     * Posts {@code body} (ownership passes) and reports to {@code listener}. Must be called on {@code loop}.
     *
     * <p>A kept connection that turns out to be closed before a byte of the answer came is replaced once by a new one:
     * the vendor closed it before it saw the request. Nothing else is repeated.
     */
    public HttpExchange post(
            EventLoop loop, URI uri, HttpHeaders headers, ByteBuf body, Duration connect, HttpListener listener) {
        HttpExchange exchange = new HttpExchange(this, loop, uri, headers, body, connect, listener);
        exchange.start(takeIdle(key(uri)));
        return exchange;
    }

    void connect(HttpExchange exchange) {
        HttpConnection handler = new HttpConnection(this, key(exchange.uri()));
        ChannelFuture connecting =
                Transport.connect(exchange.loop(), exchange.uri(), exchange.connectTimeout(), handler);
        exchange.connecting(connecting.channel());
        connecting.addListener(done -> {
            if (done.isSuccess()) {
                exchange.connected(connecting.channel());
            } else {
                Throwable cause = done.cause();
                exchange.failed(
                        cause instanceof ConnectTimeoutException ? Kind.CONNECT_TIMEOUT : Kind.CONNECT_FAILED,
                        Faults.describe(cause));
            }
        });
    }

    static FullHttpRequest request(HttpExchange exchange, ByteBuf body) {
        URI uri = exchange.uri();
        String path = uri.getRawPath().isEmpty() ? "/" : uri.getRawPath();
        FullHttpRequest request = new DefaultFullHttpRequest(
                HttpVersion.HTTP_1_1,
                HttpMethod.POST,
                uri.getRawQuery() == null ? path : path + "?" + uri.getRawQuery(),
                body);
        request.headers().set(exchange.headers());
        request.headers().set(HttpHeaderNames.HOST, Transport.authority(uri));
        request.headers().set(HttpHeaderNames.CONTENT_LENGTH, body.readableBytes());
        return request;
    }

    private @Nullable Channel takeIdle(String key) {
        ArrayDeque<Channel> kept = idle.get().get(key);
        while (kept != null && !kept.isEmpty()) {
            Channel channel = kept.pollLast();
            long idleMillis = (System.nanoTime() - channel.attr(IDLE_SINCE).get()) / 1_000_000;
            if (channel.isActive() && idleMillis < MAX_IDLE_MILLIS) {
                return channel;
            }
            channel.close();
        }
        return null;
    }

    /** A whole answer was read and the connection may serve again. */
    void release(String key, Channel channel) {
        ArrayDeque<Channel> kept = idle.get().computeIfAbsent(key, unused -> new ArrayDeque<>());
        if (kept.size() >= MAX_IDLE || !channel.isActive()) {
            channel.close();
            return;
        }
        channel.attr(IDLE_SINCE).set(System.nanoTime());
        kept.addLast(channel);
    }

    /** The vendor closed a connection that was not in use. */
    void forget(String key, Channel channel) {
        ArrayDeque<Channel> kept = idle.get().get(key);
        if (kept != null) {
            kept.remove(channel);
        }
    }

    private static String key(URI uri) {
        return uri.getScheme() + "|" + uri.getHost() + "|" + Urls.port(uri);
    }
}
