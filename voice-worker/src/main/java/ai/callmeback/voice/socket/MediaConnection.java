package ai.callmeback.voice.socket;

import ai.callmeback.voice.call.CallSession;
import ai.callmeback.voice.call.CallSetup;
import ai.callmeback.voice.call.MediaStream;
import ai.callmeback.voice.loop.CallLoop;
import ai.callmeback.voice.loop.CallLoop.Timer;
import ai.callmeback.voice.recording.Tape;
import ai.callmeback.voice.twilio.StreamSid;
import ai.callmeback.voice.twilio.TwilioFrame;
import ai.callmeback.voice.twilio.TwilioFrameReader;
import ai.callmeback.voice.twilio.TwilioFrameWriter;
import ai.callmeback.voice.twilio.TwilioListener;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.channel.Channel;
import io.netty.handler.codec.http.websocketx.CloseWebSocketFrame;
import io.netty.handler.codec.http.websocketx.TextWebSocketFrame;
import io.netty.handler.codec.http.websocketx.WebSocketFrame;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One media socket, on its channel's event loop from first to last. What it does with what should not happen:
 *
 * <ul>
 *   <li>no {@code start} within {@value #START_DEADLINE_MILLIS} ms: closed (1008);
 *   <li>no place left: closed (1013) before anything is claimed, so that the next worker in the TwiML gets the call;
 *   <li>too many calls at once, for too long ({@link Admission}): closed (1013) likewise;
 *   <li>no token, an unknown or stale one, a second socket for a call: closed (1000), the call is not touched;
 *   <li>database silent: closed (1013), the next worker may try;
 *   <li>other audio than µ-law of 8 kHz: closed (1003);
 *   <li>malformed, binary or oversized message: dropped and counted; the {@value #MALFORMED_MOST}th closes (1008);
 *   <li>repeated or overtaken media frame, or any frame of another stream: dropped and counted;
 *   <li>second {@code start}: ignored;
 *   <li>a phone that does not read for {@value #STUCK_MILLIS} ms: connection dropped.
 * </ul>
 *
 * <p>Audio that comes before the call is claimed is kept, {@value #EARLY_FRAMES_MOST} frames of it (eight seconds, longer than
 * admission and claim may take), the oldest dropped.
 */
final class MediaConnection implements TwilioListener, MediaStream {
    static final long START_DEADLINE_MILLIS = 5_000;
    static final long STUCK_MILLIS = 5_000;
    static final int MALFORMED_MOST = 20;
    static final int EARLY_FRAMES_MOST = 400;

    private static final Logger LOG = LoggerFactory.getLogger(MediaConnection.class);
    private static final long CLOSE_GRACE_MILLIS = 2_000;

    private enum State {
        AWAITING_START,
        WAITING,
        CLAIMING,
        TALKING,
        CLOSED
    }

    @SuppressWarnings("ArrayRecordComponent") // handed on once and dropped
    private record Early(long timestampMillis, byte[] audio) {}

    private final Channel channel;
    private final CallLoop loop;
    private final MediaServer server;
    private final Deque<Early> early = new ArrayDeque<>();
    private State state = State.AWAITING_START;
    private @Nullable Timer startDeadline;
    private @Nullable StreamSid stream;
    private @Nullable TwilioFrameWriter writer;
    private @Nullable CallSession session;
    private @Nullable Tape tape;
    private long lastSequence = -1;
    private long lastTimestamp = -1;
    private long stuckSinceNanos;
    private boolean closing;
    private int malformed;
    private int disordered;
    private int foreign;

    MediaConnection(Channel channel, CallLoop loop, MediaServer server) {
        this.channel = channel;
        this.loop = loop;
        this.server = server;
    }

    void opened() {
        loop.assertInLoop();
        if (!server.liveCalls().enter()) {
            state = State.CLOSED;
            close(1013, "full");
            return;
        }
        channel.closeFuture().addListener(closed -> server.liveCalls().leave());
        startDeadline = loop.after(START_DEADLINE_MILLIS, () -> {
            if (state == State.AWAITING_START) {
                close(1008, "no start");
            }
        });
    }

    void onMessage(WebSocketFrame message) {
        if (state == State.CLOSED) {
            return;
        }
        if (message instanceof TextWebSocketFrame) {
            TwilioFrameReader.ofLoop().read(message.content(), stream, this);
        } else if (!(message instanceof CloseWebSocketFrame)) {
            onFrame(new TwilioFrame.Malformed("binary message"));
        }
    }

    /** The socket is gone, whoever closed it. */
    void gone() {
        stopWaiting();
        early.clear();
        CallSession ended = session;
        session = null;
        state = State.CLOSED;
        if (tape != null) {
            tape.close();
        }
        if (ended != null) {
            ended.onSocketLost();
            server.liveCalls().remove(ended);
        }
        if (disordered + malformed + foreign > 0) {
            LOG.info(
                    "media socket {}: {} malformed, {} out of order, {} of another stream",
                    channel.id(),
                    malformed,
                    disordered,
                    foreign);
        }
    }

    // ---- what Twilio says ------------------------------------------------------------------------------------------

    @Override
    public void onMedia(long sequence, long timestampMillis, byte[] mulaw, int length) {
        boolean repeated = sequence >= 0 ? sequence <= lastSequence : timestampMillis < lastTimestamp;
        if (repeated) {
            disordered++;
            return;
        }
        lastSequence = Math.max(sequence, lastSequence);
        lastTimestamp = timestampMillis;
        CallSession talking = session;
        if (talking != null) {
            if (tape != null) {
                tape.heard(timestampMillis, mulaw, length);
            }
            talking.onMedia(timestampMillis, mulaw, length);
        } else if (state == State.WAITING || state == State.CLAIMING) {
            if (early.size() == EARLY_FRAMES_MOST) {
                early.remove();
            }
            early.add(new Early(timestampMillis, Arrays.copyOf(mulaw, length)));
        }
    }

    @Override
    public void onFrame(TwilioFrame frame) {
        switch (frame) {
            case TwilioFrame.Start start -> start(start);
            case TwilioFrame.Mark mark -> {
                if (session != null) {
                    session.onMark(mark.name());
                }
            }
            case TwilioFrame.Dtmf dtmf -> {
                if (session != null) {
                    session.onDigit(dtmf.digit());
                }
            }
            case TwilioFrame.Stop stop -> stop();
            case TwilioFrame.Malformed bad -> malformed(bad);
            case TwilioFrame.Foreign other -> foreign++;
            case TwilioFrame.Connected connected -> {}
            case TwilioFrame.Unknown unknown -> {}
        }
    }

    private void start(TwilioFrame.Start start) {
        if (state != State.AWAITING_START) {
            return;
        }
        stopWaiting();
        String token = start.parameters().get("token");
        if (!start.isTelephoneAudio()) {
            close(1003, "audio must be audio/x-mulaw, 8000 Hz");
        } else if (token == null || token.isBlank()) {
            close(1000, "no token");
        } else {
            state = State.WAITING;
            stream = new StreamSid(start.streamSid());
            writer = new TwilioFrameWriter(start.streamSid());
            server.whenThereIsTime(loop, () -> claim(token, start.callSid()), this::refuse);
        }
    }

    /** Nothing is claimed yet: the next worker in the TwiML gets the call. */
    private void refuse() {
        if (state == State.WAITING) {
            close(1013, "busy");
        }
    }

    /** Off the loop, and back to it. */
    private void claim(String token, String callSid) {
        if (state != State.WAITING) {
            return;
        }
        state = State.CLAIMING;
        var unused = server.claims().claim(token, callSid).thenAccept(claim -> loop.execute(() -> claimed(claim)));
    }

    private void claimed(MediaClaims.Claim claim) {
        if (state != State.CLAIMING) {
            if (claim instanceof MediaClaims.Claim.Granted late) {
                server.claims().release(late.setup());
            }
            return;
        }
        switch (claim) {
            case MediaClaims.Claim.Granted granted -> talk(granted.setup());
            case MediaClaims.Claim.Stale stale -> close(1000, "stale");
            case MediaClaims.Claim.UnknownToken unknown -> close(1000, "unknown token");
            case MediaClaims.Claim.Unavailable unavailable -> close(1013, "try another worker");
        }
    }

    private void talk(CallSetup setup) {
        state = State.TALKING;
        CallSession talking = server.newSession(loop, this, setup);
        session = talking;
        tape = server.openTape(loop, setup);
        server.liveCalls().add(new LiveCalls.Live(talking, loop));
        talking.start();
        for (Early frame : early) {
            talking.onMedia(frame.timestampMillis(), frame.audio(), frame.audio().length);
        }
        early.clear();
    }

    private void stop() {
        CallSession talking = session;
        if (talking != null) {
            talking.onStop();
        }
        close(1000, "stopped");
    }

    private void malformed(TwilioFrame.Malformed bad) {
        malformed++;
        if (malformed == 1) {
            LOG.warn("media socket {}: {}", channel.id(), bad.reason());
        }
        if (malformed >= MALFORMED_MOST) {
            close(1008, "malformed");
        }
    }

    // ---- what we say -----------------------------------------------------------------------------------------------

    @Override
    public void media(byte[] mulaw, int offset, int length) {
        TwilioFrameWriter frames = writer;
        if (frames != null && isReading()) {
            write(frames.media(channel.alloc(), mulaw, offset, length));
            if (tape != null) {
                tape.said(mulaw, offset, length);
            }
        }
    }

    @Override
    public void mark(String name) {
        if (writer != null) {
            write(writer.mark(channel.alloc(), name));
        }
    }

    @Override
    public void clear() {
        if (writer != null) {
            write(writer.clear(channel.alloc()));
            if (tape != null) {
                tape.cleared();
            }
        }
    }

    @Override
    public void flush() {
        channel.flush();
    }

    @Override
    public ByteBufAllocator allocator() {
        return channel.alloc();
    }

    @Override
    public void close(String reason) {
        close(1000, reason);
    }

    @SuppressWarnings("FutureReturnValueIgnored") // a write that fails closes the channel
    private void write(ByteBuf frame) {
        channel.write(new TextWebSocketFrame(frame), channel.voidPromise());
    }

    /** Above the channel's high-water mark nothing is taken from us; a phone that stays there is gone. */
    private boolean isReading() {
        if (channel.isWritable()) {
            stuckSinceNanos = 0;
            return true;
        }
        long now = loop.nanos();
        stuckSinceNanos = stuckSinceNanos == 0 ? now : stuckSinceNanos;
        if (now - stuckSinceNanos > TimeUnit.MILLISECONDS.toNanos(STUCK_MILLIS)) {
            drop();
        }
        return false;
    }

    @SuppressWarnings("FutureReturnValueIgnored") // the channel is closed soon, whatever becomes of the frame
    private void close(int code, String reason) {
        stopWaiting();
        state = State.CLOSED;
        if (!closing && channel.isActive()) {
            closing = true;
            channel.writeAndFlush(new CloseWebSocketFrame(code, reason));
            loop.after(CLOSE_GRACE_MILLIS, this::drop);
        }
    }

    @SuppressWarnings("FutureReturnValueIgnored")
    private void drop() {
        channel.close();
    }

    private void stopWaiting() {
        if (startDeadline != null) {
            startDeadline.cancel();
            startDeadline = null;
        }
    }
}
