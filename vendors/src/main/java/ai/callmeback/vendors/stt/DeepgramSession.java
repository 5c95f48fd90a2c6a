package ai.callmeback.vendors.stt;

import ai.callmeback.vendors.VendorFault;
import ai.callmeback.vendors.VendorFault.Kind;
import ai.callmeback.vendors.settings.VendorPolicy;
import ai.callmeback.vendors.wire.Json;
import ai.callmeback.vendors.wire.SocketListener;
import ai.callmeback.vendors.wire.VendorSocket;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.EventLoop;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.util.concurrent.Future;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;

/**
 * What both of the vendor's protocols share: audio out, liveness, and the end.
 *
 * <p>Audio is joined to chunks in one pooled buffer and masked by the socket's encoder: each byte is copied twice on
 * its way, and there is one write per chunk. While the vendor is not ready the last {@link
 * SttOptions#maxBufferedMillis()} are kept. A vendor that reads too slowly loses the newest audio instead of ours
 * growing without bound.
 */
abstract class DeepgramSession implements SttSession, SocketListener {

    static final int BYTES_PER_MILLI = 8;

    /** The longest piece that is usual on the wire, 250 ms; servers bound the length of a frame. */
    private static final int MAX_FRAME_BYTES = 250 * BYTES_PER_MILLI;

    private static final ByteBuf CLOSE_STREAM = constant("{\"type\":\"CloseStream\"}");

    final SttOptions options;
    private final EventLoop loop;
    private final SttListener listener;
    private final int chunkBytes;
    private final SilenceWatch watch;
    private @Nullable VendorSocket socket;
    private ByteBuf pending = Unpooled.EMPTY_BUFFER;
    private boolean ready;
    private boolean over;
    private long bytesSent;
    private long bytesDropped;

    DeepgramSession(SttOptions options, EventLoop loop, SttListener listener) {
        this.options = options;
        this.loop = loop;
        this.listener = listener;
        this.chunkBytes = options.audioChunkMillis() * BYTES_PER_MILLI;
        this.watch = new SilenceWatch();
    }

    void attach(VendorSocket opening) {
        socket = opening;
    }

    static ByteBuf constant(String text) {
        return Unpooled.unreleasableBuffer(Unpooled.directBuffer()
                .writeBytes(text.getBytes(StandardCharsets.US_ASCII))
                .asReadOnly());
    }

    // ------------------------------------------------------------------ audio

    @Override
    public void sendAudio(ByteBuf mulaw) {
        try {
            if (over || !mulaw.isReadable()) {
                return;
            }
            if (ready && !pending.isReadable() && mulaw.readableBytes() >= chunkBytes) {
                write(mulaw.retain());
                return;
            }
            keep(mulaw);
            if (ready && pending.readableBytes() >= chunkBytes) {
                flushPending();
            }
        } finally {
            mulaw.release();
        }
    }

    private void keep(ByteBuf mulaw) {
        if (pending.capacity() == 0) {
            VendorSocket current = socket;
            pending = current == null ? Unpooled.buffer(chunkBytes * 2) : current.buffer(chunkBytes * 2);
        }
        pending.writeBytes(mulaw, mulaw.readerIndex(), mulaw.readableBytes());
        if (!ready) {
            int excess = pending.readableBytes() - Math.max(chunkBytes, options.maxBufferedMillis() * BYTES_PER_MILLI);
            if (excess > 0) {
                pending.skipBytes(excess);
                pending.discardReadBytes();
                bytesDropped += excess;
            }
        }
    }

    final void flushPending() {
        if (pending.isReadable()) {
            ByteBuf audio = pending;
            pending = Unpooled.EMPTY_BUFFER;
            while (audio.readableBytes() > MAX_FRAME_BYTES) {
                write(audio.readRetainedSlice(MAX_FRAME_BYTES));
            }
            write(audio);
        }
    }

    private void write(ByteBuf chunk) {
        VendorSocket current = socket;
        int bytes = chunk.readableBytes();
        if (current == null || !current.isWritable()) {
            bytesDropped += bytes;
            chunk.release();
            return;
        }
        bytesSent += bytes;
        current.sendBinary(chunk);
    }

    final void sendText(ByteBuf constant) {
        VendorSocket current = socket;
        if (current != null && ready) {
            current.sendText(constant.duplicate());
        }
    }

    @Override
    public long audioMillisSent() {
        return bytesSent / BYTES_PER_MILLI;
    }

    @Override
    public long audioMillisUnanswered() {
        return (bytesSent - watch.bytesAtLastMessage) / BYTES_PER_MILLI;
    }

    @Override
    public long audioMillisDropped() {
        return bytesDropped / BYTES_PER_MILLI;
    }

    // ------------------------------------------------------------------ life

    /** The vendor takes audio now: what was kept goes out first. */
    final void ready(String requestId) {
        if (over || ready) {
            return;
        }
        ready = true;
        flushPending();
        watch.start();
        listener.onEvent(new SttEvent.Opened(requestId));
    }

    final boolean isReady() {
        return ready;
    }

    final void emit(SttEvent event) {
        if (!over) {
            listener.onEvent(event);
        }
    }

    final void fail(Kind kind, String code, String message) {
        VendorSocket current = socket;
        if (current != null) {
            current.fail(VendorFault.of(DeepgramSpeechToText.VENDOR, kind, 0, code, message));
        }
    }

    @Override
    public void close() {
        if (over) {
            return;
        }
        flushPending();
        sendText(CLOSE_STREAM);
        finish();
        if (socket != null) {
            socket.close();
        }
    }

    @Override
    public void onClosed(VendorFault fault) {
        if (!over) {
            finish();
            listener.onEvent(new SttEvent.Closed(fault));
        }
    }

    private void finish() {
        over = true;
        ready = false;
        watch.stop();
        pending.release();
        pending = Unpooled.EMPTY_BUFFER;
    }

    @Override
    public void onOpen(HttpHeaders response) {
        opened(response.get("dg-request-id", ""));
    }

    @Override
    public void onText(ByteBuf json) {
        watch.heard();
        try (JsonParser parser = Json.parser(json)) {
            read(parser);
        } catch (JacksonException e) {
            fail(Kind.PROTOCOL, "", "a message is not JSON: " + e.getClass().getSimpleName());
            return;
        }
        deliver();
    }

    /** The upgrade succeeded. */
    abstract void opened(String requestId);

    /** Reads one message into fields; events come later, when the parser's buffer is free again. */
    abstract void read(JsonParser parser);

    abstract void deliver();

    /** Close codes of deepgram.md §1: NET-0001 and NET-0000 pass, DATA-0000 does not. */
    @Override
    public VendorFault meaningOf(int code, String reason) {
        Kind kind = code == 1008 ? Kind.BAD_REQUEST : code == 1011 ? Kind.SERVER_ERROR : Kind.DROPPED;
        String message = reason.isEmpty() ? "closed by the vendor" : reason;
        return VendorFault.of(DeepgramSpeechToText.VENDOR, kind, code, "", message);
    }

    static long millis(double seconds) {
        return Math.round(seconds * 1000);
    }

    /**
     * Audio flows and no message comes: the connection is dead though nobody said so. One timer per deadline, not per
     * message.
     */
    private final class SilenceWatch implements Runnable {
        private final long deadlineNanos =
                VendorPolicy.DEEPGRAM_SILENCE.deadline().toNanos();
        private long lastHeard;
        private long bytesAtLastMessage;
        private @Nullable Future<?> timer;

        void start() {
            heard();
            timer = loop.schedule(this, deadlineNanos, TimeUnit.NANOSECONDS);
        }

        void stop() {
            if (timer != null) {
                timer.cancel(false);
            }
        }

        void heard() {
            lastHeard = System.nanoTime();
            bytesAtLastMessage = bytesSent;
        }

        @Override
        public void run() {
            if (over) {
                return;
            }
            long left = deadlineNanos - (System.nanoTime() - lastHeard);
            if (left <= 0 && expectsWords() && bytesSent > bytesAtLastMessage) {
                fail(Kind.TIMEOUT, "", "no message for " + deadlineNanos / 1_000_000 + " ms");
                return;
            }
            timer = loop.schedule(this, Math.max(left, TimeUnit.SECONDS.toNanos(1)), TimeUnit.NANOSECONDS);
        }
    }

    /** Whether silence of the vendor now is a fault: Nova always speaks while audio flows, Flux only during a turn. */
    abstract boolean expectsWords();
}
