package ai.callmeback.vendors.wire;

import ai.callmeback.vendors.VendorFault.Kind;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.http.HttpClientCodec;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.util.ReferenceCountUtil;
import org.jspecify.annotations.Nullable;

/** A connection that serves one exchange after another. */
@SuppressWarnings("FutureReturnValueIgnored") // a failed write or close shows as exceptionCaught or channelInactive
final class HttpConnection extends ChannelInboundHandlerAdapter {

    private final LoopHttpClient client;
    private final String key;
    private @Nullable HttpExchange exchange;
    private boolean keepAlive;

    HttpConnection(LoopHttpClient client, String key) {
        this.client = client;
        this.key = key;
    }

    void begin(HttpExchange next) {
        exchange = next;
        keepAlive = false;
    }

    @Override
    public void handlerAdded(ChannelHandlerContext ctx) {
        ctx.pipeline().addBefore(ctx.name(), "http", new HttpClientCodec());
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        try {
            HttpExchange current = exchange;
            if (current == null) {
                ctx.close();
                return;
            }
            if (message instanceof HttpResponse response) {
                if (response.decoderResult().isFailure()) {
                    fail(Kind.PROTOCOL, Faults.describe(response.decoderResult().cause()));
                    ctx.close();
                    return;
                }
                keepAlive = HttpUtil.isKeepAlive(response);
                current.head(response.status().code(), response.headers());
            }
            if (message instanceof HttpContent content) {
                content(ctx, current, content);
            }
        } finally {
            ReferenceCountUtil.release(message);
        }
    }

    private void content(ChannelHandlerContext ctx, HttpExchange current, HttpContent content) {
        if (content.decoderResult().isFailure()) {
            fail(Kind.PROTOCOL, Faults.describe(content.decoderResult().cause()));
            ctx.close();
            return;
        }
        if (content.content().isReadable()) {
            current.data(content.content());
        }
        if (content instanceof LastHttpContent) {
            exchange = null;
            if (keepAlive) {
                client.release(key, ctx.channel());
            } else {
                ctx.close();
            }
            current.ended();
        }
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
        client.forget(key, ctx.channel());
        fail(Kind.DROPPED, "connection closed before the answer was complete");
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        fail(Kind.DROPPED, Faults.describe(cause));
        ctx.close();
    }

    private void fail(Kind kind, String message) {
        HttpExchange current = exchange;
        exchange = null;
        if (current != null) {
            current.failed(kind, message);
        }
    }
}
