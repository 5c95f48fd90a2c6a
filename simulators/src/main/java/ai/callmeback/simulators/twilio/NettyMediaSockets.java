package ai.callmeback.simulators.twilio;

import ai.callmeback.simulators.core.EventLoopTime;
import io.netty.bootstrap.Bootstrap;
import io.netty.buffer.ByteBufUtil;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.ConnectTimeoutException;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.channel.WriteBufferWaterMark;
import io.netty.handler.codec.DecoderException;
import io.netty.handler.codec.http.DefaultHttpHeaders;
import io.netty.handler.codec.http.HttpClientCodec;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpObjectAggregator;
import io.netty.handler.codec.http.websocketx.BinaryWebSocketFrame;
import io.netty.handler.codec.http.websocketx.CloseWebSocketFrame;
import io.netty.handler.codec.http.websocketx.TextWebSocketFrame;
import io.netty.handler.codec.http.websocketx.WebSocketClientHandshaker;
import io.netty.handler.codec.http.websocketx.WebSocketClientHandshakerFactory;
import io.netty.handler.codec.http.websocketx.WebSocketClientProtocolHandler;
import io.netty.handler.codec.http.websocketx.WebSocketClientProtocolHandler.ClientHandshakeStateEvent;
import io.netty.handler.codec.http.websocketx.WebSocketFrame;
import io.netty.handler.codec.http.websocketx.WebSocketFrameAggregator;
import io.netty.handler.codec.http.websocketx.WebSocketHandshakeException;
import io.netty.handler.codec.http.websocketx.WebSocketVersion;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import java.net.ConnectException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/** Media sockets of all calls on the simulators' own event loop, so that a frame never changes threads. */
final class NettyMediaSockets implements MediaSockets {
    private static final int CONNECT_TIMEOUT_MILLIS = 5_000;

    /** A message may hold some seconds of audio. */
    private static final int MAX_MESSAGE_BYTES = 1 << 20;

    /** Two seconds of inbound audio may wait before it is dropped. */
    private static final WriteBufferWaterMark BACKLOG = new WriteBufferWaterMark(20_000, 40_000);

    private final EventLoopTime time;
    private @Nullable SslContext tls;

    NettyMediaSockets(EventLoopTime time) {
        this.time = time;
    }

    @Override
    public Socket connect(URI uri, Map<String, String> headers, Listener listener) {
        boolean secure = "wss".equals(uri.getScheme());
        int port = uri.getPort() > 0 ? uri.getPort() : secure ? 443 : 80;
        NettySocket socket = new NettySocket(listener);
        HttpHeaders httpHeaders = new DefaultHttpHeaders();
        headers.forEach(httpHeaders::set);
        WebSocketClientHandshaker handshaker = WebSocketClientHandshakerFactory.newHandshaker(
                uri, WebSocketVersion.V13, null, false, httpHeaders, MAX_MESSAGE_BYTES);
        ChannelFuture connecting = new Bootstrap()
                .group(time.loop())
                .channel(time.socketType())
                .option(ChannelOption.CONNECT_TIMEOUT_MILLIS, CONNECT_TIMEOUT_MILLIS)
                .option(ChannelOption.TCP_NODELAY, true)
                .option(ChannelOption.WRITE_BUFFER_WATER_MARK, BACKLOG)
                .handler(new ChannelInitializer<Channel>() {
                    @Override
                    protected void initChannel(Channel channel) throws SSLException {
                        if (secure) {
                            channel.pipeline().addLast(tls().newHandler(channel.alloc(), uri.getHost(), port));
                        }
                        channel.pipeline()
                                .addLast(new HttpClientCodec())
                                .addLast(new HttpObjectAggregator(65_536))
                                .addLast(new WebSocketClientProtocolHandler(
                                        handshaker, false, true, CONNECT_TIMEOUT_MILLIS))
                                .addLast(new WebSocketFrameAggregator(MAX_MESSAGE_BYTES))
                                .addLast(socket);
                    }
                })
                .connect(uri.getHost(), port);
        socket.channel = connecting.channel();
        connecting.addListener(done -> {
            if (!done.isSuccess()) {
                socket.fail(done.cause());
            }
        });
        return socket;
    }

    private SslContext tls() throws SSLException {
        SslContext context = tls;
        if (context == null) {
            context = SslContextBuilder.forClient().build();
            tls = context;
        }
        return context;
    }

    /** A write or close that fails shows as the channel becoming inactive, so their futures tell nothing more. */
    @SuppressWarnings("FutureReturnValueIgnored")
    private static final class NettySocket extends SimpleChannelInboundHandler<WebSocketFrame> implements Socket {
        private final Listener listener;
        private @Nullable Channel channel;
        private boolean open;
        private boolean over;
        private int closeCode;
        private boolean closeFrameSeen;

        NettySocket(Listener listener) {
            this.listener = listener;
        }

        @Override
        public void userEventTriggered(ChannelHandlerContext context, Object event) throws Exception {
            if (event == ClientHandshakeStateEvent.HANDSHAKE_COMPLETE) {
                open = true;
                listener.opened();
            } else if (event == ClientHandshakeStateEvent.HANDSHAKE_TIMEOUT) {
                fail(new ConnectTimeoutException("no answer to the upgrade"));
            } else {
                super.userEventTriggered(context, event);
            }
        }

        @Override
        protected void channelRead0(ChannelHandlerContext context, WebSocketFrame frame) {
            switch (frame) {
                case TextWebSocketFrame text -> listener.text(text.content().toString(StandardCharsets.UTF_8));
                case BinaryWebSocketFrame binary ->
                    listener.binary(binary.content().readableBytes());
                case CloseWebSocketFrame close -> {
                    closeFrameSeen = true;
                    closeCode = Math.max(0, close.statusCode());
                    context.writeAndFlush(new CloseWebSocketFrame(
                            close.isFinalFragment(), 0, close.content().retain()));
                    finish();
                    context.close();
                }
                default -> context.fireExceptionCaught(new IllegalStateException("unexpected frame"));
            }
        }

        @Override
        public void channelInactive(ChannelHandlerContext context) {
            if (open) {
                finish();
            } else {
                fail(new WebSocketHandshakeException("closed before the upgrade"));
            }
        }

        @Override
        public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
            if (!open) {
                fail(cause);
            }
            context.close();
        }

        private void finish() {
            if (!over) {
                over = true;
                listener.closed(closeFrameSeen, closeCode);
            }
        }

        private void fail(Throwable cause) {
            if (over || open) {
                return;
            }
            over = true;
            Throwable root = cause instanceof DecoderException && cause.getCause() != null ? cause.getCause() : cause;
            int code = switch (root) {
                case ConnectTimeoutException ignored -> 31901;
                case SSLException ignored -> 31910;
                case WebSocketHandshakeException ignored -> 31920;
                case ConnectException ignored -> 31902;
                default -> 31902;
            };
            listener.failed(code, root.getClass().getSimpleName() + ": " + root.getMessage());
            abort();
        }

        @Override
        public void send(CharSequence json) {
            if (channel != null && open && channel.isActive()) {
                channel.writeAndFlush(new TextWebSocketFrame(ByteBufUtil.writeUtf8(channel.alloc(), json)));
            }
        }

        @Override
        public boolean writable() {
            return channel == null || channel.isWritable();
        }

        @Override
        public void close(int code) {
            over = true;
            if (channel != null && open && channel.isActive()) {
                channel.writeAndFlush(new CloseWebSocketFrame(code, "")).addListener(done -> channel.close());
            } else {
                abort();
            }
        }

        @Override
        public void abort() {
            over = true;
            if (channel != null) {
                channel.close();
            }
        }
    }
}
