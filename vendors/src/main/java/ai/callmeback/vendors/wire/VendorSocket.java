package ai.callmeback.vendors.wire;

import ai.callmeback.vendors.VendorFault;
import ai.callmeback.vendors.VendorFault.Kind;
import ai.callmeback.vendors.settings.Urls;
import ai.callmeback.vendors.settings.VendorPolicy;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ConnectTimeoutException;
import io.netty.channel.EventLoop;
import io.netty.handler.codec.http.FullHttpResponse;
import io.netty.handler.codec.http.HttpClientCodec;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpObjectAggregator;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.websocketx.BinaryWebSocketFrame;
import io.netty.handler.codec.http.websocketx.CloseWebSocketFrame;
import io.netty.handler.codec.http.websocketx.PingWebSocketFrame;
import io.netty.handler.codec.http.websocketx.PongWebSocketFrame;
import io.netty.handler.codec.http.websocketx.TextWebSocketFrame;
import io.netty.handler.codec.http.websocketx.WebSocketClientHandshaker;
import io.netty.handler.codec.http.websocketx.WebSocketClientHandshakerFactory;
import io.netty.handler.codec.http.websocketx.WebSocketFrameAggregator;
import io.netty.handler.codec.http.websocketx.WebSocketHandshakeException;
import io.netty.handler.codec.http.websocketx.WebSocketVersion;
import io.netty.handler.timeout.ReadTimeoutException;
import io.netty.util.ReferenceCountUtil;
import io.netty.util.concurrent.Future;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/**
 * A WebSocket to a vendor on one event loop. Every way it can end before we close it becomes one {@link VendorFault}.
 *
 * <p>All methods must be called on the loop. Messages larger than {@value #MAX_MESSAGE_BYTES} bytes end the connection.
 */
@SuppressWarnings("FutureReturnValueIgnored") // a failed write or close shows as exceptionCaught or channelInactive
public final class VendorSocket {

    static final int MAX_MESSAGE_BYTES = 4 * 1024 * 1024;

    private static final int MAX_ERROR_BODY_BYTES = 64 * 1024;
    private static final int NO_STATUS = 1005;
    private static final int ABNORMAL = 1006;
    private static final long GOODBYE_MILLIS = 1000;

    private final String vendor;
    private final EventLoop loop;
    private final SocketListener listener;
    private @Nullable Channel channel;
    private @Nullable Future<?> openDeadline;
    private boolean open;
    private boolean over;

    private VendorSocket(String vendor, EventLoop loop, SocketListener listener) {
        this.vendor = vendor;
        this.loop = loop;
        this.listener = listener;
    }

    /** Begins to connect within the deadlines of {@code policy}. */
    public static VendorSocket connect(
            String vendor, EventLoop loop, URI uri, HttpHeaders headers, VendorPolicy policy, SocketListener listener) {
        VendorSocket socket = new VendorSocket(vendor, loop, listener);
        WebSocketClientHandshaker handshaker = WebSocketClientHandshakerFactory.newHandshaker(
                uri, WebSocketVersion.V13, null, false, headers, MAX_MESSAGE_BYTES);
        socket.openDeadline = loop.schedule(
                () -> socket.end(VendorFault.of(
                        vendor,
                        Kind.CONNECT_TIMEOUT,
                        "not open within " + policy.deadline().toMillis() + " ms")),
                policy.deadline().toMillis(),
                TimeUnit.MILLISECONDS);
        ChannelFuture connecting =
                Transport.connect(loop, Urls.http(uri), policy.connect(), new Handler(socket, handshaker));
        socket.channel = connecting.channel();
        connecting.addListener(done -> {
            if (!done.isSuccess()) {
                socket.end(socket.connectFault(done.cause()));
            }
        });
        return socket;
    }

    /** Whether messages can be sent. */
    public boolean isOpen() {
        return open && !over;
    }

    /** Whether the vendor keeps up with reading; false once about 64 KiB wait. */
    public boolean isWritable() {
        return isOpen() && channel != null && channel.isWritable();
    }

    /** Takes ownership of the buffer. */
    public void sendText(ByteBuf json) {
        send(new TextWebSocketFrame(json));
    }

    /** Takes ownership of the buffer. */
    public void sendBinary(ByteBuf bytes) {
        send(new BinaryWebSocketFrame(bytes));
    }

    private void send(Object frame) {
        if (isOpen() && channel != null) {
            channel.writeAndFlush(frame, channel.voidPromise());
        } else {
            ReferenceCountUtil.release(frame);
        }
    }

    /** A buffer of this connection's pool. */
    public ByteBuf buffer(int capacity) {
        return channel == null ? Unpooled.buffer(capacity) : channel.alloc().buffer(capacity);
    }

    /** Closes with code 1000; the listener hears nothing more. A repeat does nothing. */
    public void close() {
        if (over) {
            return;
        }
        boolean wasOpen = open;
        finish();
        Channel current = channel;
        if (current == null) {
            return;
        }
        if (wasOpen) {
            current.writeAndFlush(new CloseWebSocketFrame(1000, ""));
            // The vendor answers by closing; one that does not must not keep the connection.
            loop.schedule(() -> current.close(), GOODBYE_MILLIS, TimeUnit.MILLISECONDS);
        } else {
            current.close();
        }
    }

    /** Gives the connection up because of {@code fault}, which the listener is told. */
    public void fail(VendorFault fault) {
        end(fault);
    }

    private void end(VendorFault fault) {
        if (over) {
            return;
        }
        finish();
        if (channel != null) {
            channel.close();
        }
        listener.onClosed(fault);
    }

    private void finish() {
        over = true;
        open = false;
        if (openDeadline != null) {
            openDeadline.cancel(false);
        }
    }

    private void opened(HttpHeaders response) {
        if (over) {
            return;
        }
        open = true;
        if (openDeadline != null) {
            openDeadline.cancel(false);
        }
        listener.onOpen(response);
    }

    private VendorFault connectFault(Throwable cause) {
        Kind kind = cause instanceof ConnectTimeoutException || cause instanceof ReadTimeoutException
                ? Kind.CONNECT_TIMEOUT
                : Kind.CONNECT_FAILED;
        return VendorFault.of(vendor, kind, Faults.describe(cause));
    }

    /** The pipeline's end: first the upgrade, then the messages. */
    private static final class Handler extends ChannelInboundHandlerAdapter {
        private final VendorSocket socket;
        private final WebSocketClientHandshaker handshaker;

        Handler(VendorSocket socket, WebSocketClientHandshaker handshaker) {
            this.socket = socket;
            this.handshaker = handshaker;
        }

        @Override
        public void handlerAdded(ChannelHandlerContext ctx) {
            ctx.pipeline().addBefore(ctx.name(), "http", new HttpClientCodec());
            ctx.pipeline().addBefore(ctx.name(), "body", new HttpObjectAggregator(MAX_ERROR_BODY_BYTES));
        }

        @Override
        public void channelActive(ChannelHandlerContext ctx) {
            handshaker.handshake(ctx.channel());
        }

        @Override
        public void channelRead(ChannelHandlerContext ctx, Object message) {
            try {
                switch (message) {
                    case FullHttpResponse response -> upgrade(ctx, response);
                    case TextWebSocketFrame frame -> text(frame);
                    case PingWebSocketFrame ping ->
                        ctx.writeAndFlush(new PongWebSocketFrame(ping.content().retain()));
                    case CloseWebSocketFrame close -> closed(ctx, close);
                    default -> {
                        // Binary frames and pongs: no vendor of ours sends anything in them.
                    }
                }
            } finally {
                ReferenceCountUtil.release(message);
            }
        }

        private void upgrade(ChannelHandlerContext ctx, FullHttpResponse response) {
            if (!response.status().equals(HttpResponseStatus.SWITCHING_PROTOCOLS)) {
                socket.end(ErrorBodies.fault(
                        socket.vendor,
                        response.status().code(),
                        response.headers(),
                        response.content().toString(StandardCharsets.UTF_8)));
                return;
            }
            HttpHeaders headers = response.headers().copy();
            try {
                handshaker.finishHandshake(ctx.channel(), response);
            } catch (WebSocketHandshakeException e) {
                socket.end(VendorFault.of(socket.vendor, Kind.PROTOCOL, Faults.describe(e)));
                return;
            }
            ctx.pipeline().addBefore(ctx.name(), "join", new WebSocketFrameAggregator(MAX_MESSAGE_BYTES));
            socket.opened(headers);
        }

        private void text(TextWebSocketFrame frame) {
            if (!socket.over) {
                socket.listener.onText(frame.content());
            }
        }

        private void closed(ChannelHandlerContext ctx, CloseWebSocketFrame close) {
            int code = close.statusCode() < 0 ? NO_STATUS : close.statusCode();
            VendorFault fault = socket.listener.meaningOf(code, close.reasonText());
            ctx.writeAndFlush(new CloseWebSocketFrame(code == NO_STATUS ? 1000 : code, ""))
                    .addListener(done -> ctx.close());
            socket.end(fault);
        }

        @Override
        public void channelInactive(ChannelHandlerContext ctx) {
            socket.end(
                    socket.open
                            ? socket.listener.meaningOf(ABNORMAL, "connection lost")
                            : VendorFault.of(socket.vendor, Kind.CONNECT_FAILED, "closed during the handshake"));
        }

        @Override
        public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
            Kind kind = !socket.open
                    ? Kind.CONNECT_FAILED
                    : cause instanceof IOException && !(cause instanceof SSLException) ? Kind.DROPPED : Kind.PROTOCOL;
            socket.end(VendorFault.of(socket.vendor, kind, Faults.describe(cause)));
        }
    }
}
