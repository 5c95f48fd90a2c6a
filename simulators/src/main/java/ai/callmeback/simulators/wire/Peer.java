package ai.callmeback.simulators.wire;

import io.netty.buffer.ByteBufUtil;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.handler.codec.http.websocketx.TextWebSocketFrame;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import reactor.netty.http.websocket.WebsocketOutbound;

/**
 * The other end of a WebSocket connection. To be used on its event loop only; what is sent after the connection is gone
 * is dropped.
 */
public final class Peer {
    /** More than this waiting to be read by the other end, and the connection is cut: nobody is listening. */
    private static final long MAX_PENDING_BYTES = 8L << 20;

    private final Channel channel;
    private final WebsocketOutbound outbound;
    private boolean closing;

    Peer(Channel channel, WebsocketOutbound outbound) {
        this.channel = channel;
        this.outbound = outbound;
    }

    /** Sends a text message; it is flushed at once. */
    public void send(CharSequence json) {
        if (closing || !channel.isActive()) {
            return;
        }
        if (channel.bytesBeforeUnwritable() == 0 && pendingBytes() > MAX_PENDING_BYTES) {
            abort();
            return;
        }
        ChannelFuture unused = channel.writeAndFlush(
                new TextWebSocketFrame(ByteBufUtil.writeUtf8(channel.alloc(), json)), channel.voidPromise());
    }

    /** Closes with a code and a reason. */
    public void close(int code, @Nullable String reason) {
        if (!closing) {
            closing = true;
            outbound.sendClose(code, reason).subscribe();
        }
    }

    /** Closes with an empty close frame: the client sees 1005. */
    public void closeWithoutStatus() {
        if (!closing) {
            closing = true;
            outbound.sendClose().subscribe();
        }
    }

    /** Cuts the connection without a close frame: the client sees 1006. */
    public void abort() {
        closing = true;
        ChannelFuture unused = channel.close();
    }

    /** Whether a close has been sent or the connection is gone. */
    public boolean isClosed() {
        return closing || !channel.isActive();
    }

    /** Runs {@code task} on the event loop, {@code delay} from now. */
    public Timer after(Duration delay, Runnable task) {
        var future = channel.eventLoop().schedule(task, delay.toNanos(), TimeUnit.NANOSECONDS);
        return () -> future.cancel(false);
    }

    /** Something that has been put off. */
    public interface Timer {
        Timer NONE = () -> {};

        void cancel();
    }

    private long pendingBytes() {
        var buffer = channel.unsafe().outboundBuffer();
        return buffer == null ? 0 : buffer.totalPendingWriteBytes();
    }
}
