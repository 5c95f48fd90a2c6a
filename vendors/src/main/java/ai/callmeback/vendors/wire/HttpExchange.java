package ai.callmeback.vendors.wire;

import ai.callmeback.vendors.VendorFault.Kind;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.EventLoop;
import io.netty.handler.codec.http.HttpHeaders;
import java.net.URI;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** One request and its answer; only for the event loop it was started on. */
@SuppressWarnings("FutureReturnValueIgnored") // a failed write or close shows as exceptionCaught or channelInactive
public final class HttpExchange {

    private final LoopHttpClient client;
    private final EventLoop loop;
    private final URI uri;
    private final HttpHeaders headers;
    private final Duration connectTimeout;
    private final HttpListener listener;
    private final ByteBuf body;
    private @Nullable Channel channel;
    private boolean reused;
    private boolean answered;
    private boolean over;

    HttpExchange(
            LoopHttpClient client,
            EventLoop loop,
            URI uri,
            HttpHeaders headers,
            ByteBuf body,
            Duration connectTimeout,
            HttpListener listener) {
        this.client = client;
        this.loop = loop;
        this.uri = uri;
        this.headers = headers;
        this.body = body;
        this.connectTimeout = connectTimeout;
        this.listener = listener;
    }

    /** Breaks the exchange off; the listener hears nothing more. A repeat, or a cancel after the end, does nothing. */
    public void cancel() {
        if (!over) {
            finish();
            if (channel != null) {
                channel.close();
            }
        }
    }

    void start(@Nullable Channel kept) {
        if (kept == null) {
            client.connect(this);
        } else {
            reused = true;
            connected(kept);
        }
    }

    void connecting(Channel opening) {
        channel = opening;
    }

    void connected(Channel ready) {
        if (over) {
            ready.close();
            return;
        }
        channel = ready;
        ready.pipeline().get(HttpConnection.class).begin(this);
        // The exchange keeps a reference until the answer begins, for the one repeat on a fresh connection.
        ready.writeAndFlush(LoopHttpClient.request(this, body.retainedDuplicate()), ready.voidPromise());
    }

    void head(int status, HttpHeaders response) {
        answered = true;
        if (!over) {
            listener.onHead(status, response);
        }
    }

    void data(ByteBuf data) {
        if (!over) {
            listener.onData(data);
        }
    }

    void ended() {
        if (!over) {
            finish();
            listener.onEnd();
        }
    }

    void failed(Kind kind, String message) {
        if (over) {
            return;
        }
        if (reused && !answered) {
            reused = false;
            client.connect(this);
            return;
        }
        finish();
        listener.onFailure(kind, message);
    }

    private void finish() {
        over = true;
        body.release();
    }

    EventLoop loop() {
        return loop;
    }

    URI uri() {
        return uri;
    }

    HttpHeaders headers() {
        return headers;
    }

    Duration connectTimeout() {
        return connectTimeout;
    }
}
