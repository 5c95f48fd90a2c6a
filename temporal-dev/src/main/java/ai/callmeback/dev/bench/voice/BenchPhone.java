package ai.callmeback.dev.bench.voice;

import ai.callmeback.voice.rehearsal.StandInVendors;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.handler.codec.http.websocketx.TextWebSocketFrame;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.Deque;
import java.util.List;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Sinks;
import reactor.netty.Connection;
import reactor.netty.http.client.HttpClient;
import reactor.netty.http.client.WebsocketClientSpec;

/**
 * One phone behind a media socket: plays what comes at 8000 bytes a second, echoes marks, notes when it runs dry within a
 * turn, and says something whenever the other side has finished. Lives on one thread: frames and ticks come on its loop.
 */
final class BenchPhone {
    private static final int FRAME_BYTES = 160;
    private static final int TICK_MILLIS = 20;

    /** Odd, so that frames in and out are met alike. */
    private static final int SAMPLED = 7;

    private static final int SPEAK_TICKS = 30;
    private static final int QUIET_TICKS = 15;
    private static final String LOUD = payload(StandInVendors.LOUD);
    private static final String QUIET = payload((byte) 0xFF);

    private static final ByteBuf MEDIA = constant("{\"event\":\"media\"");
    private static final ByteBuf MARK = constant("{\"event\":\"mark\"");
    private static final ByteBuf PAYLOAD = constant("\"payload\":\"");

    /** Positive: bytes of audio; a string: a mark. */
    private final Deque<Object> buffer = new ArrayDeque<>();

    private final String stream;
    private final Sinks.Empty<Void> stopped = Sinks.empty();
    private @Nullable Channel channel;
    private final boolean relay;
    private int headLeft;
    private boolean inTurn;
    private int quiet;
    private int speaking;
    private long tick;
    private int turnsHeard;
    private int dryTicks;
    private int lateFrames;
    private long frames;
    private long firstTickNanos;
    private final Deque<Long> awaitedEchoes = new ArrayDeque<>();
    private final List<Double> echoesMillis = new ArrayList<>();
    private final List<Double> tickLagsMillis = new ArrayList<>();
    private long connectedNanos;
    private long firstAudioNanos;
    private @Nullable Throwable failure;
    private boolean over;

    BenchPhone(int number, boolean relay) {
        this.stream = "MZ" + number;
        this.relay = relay;
    }

    /** Connects and begins the stream. */
    void connect(HttpClient client, int port) {
        connectedNanos = System.nanoTime();
        client.websocket(WebsocketClientSpec.builder()
                        .maxFramePayloadLength(1 << 20)
                        .build())
                .uri("ws://127.0.0.1:" + port + "/media")
                .handle((in, outbound) -> {
                    in.receiveCloseStatus()
                            .subscribe(status -> failed(new IllegalStateException(
                                    "the worker ended the call: " + status.code() + " " + status.reasonText())));
                    in.receiveFrames().subscribe(frame -> frame(frame.content()), this::failed);
                    outbound.withConnection(this::begin);
                    return stopped.asMono();
                })
                .subscribe(done -> {}, this::failed, () -> failed(new IllegalStateException("the connection is gone")));
    }

    private synchronized void begin(Connection connection) {
        channel = connection.channel();
        emit("{\"event\":\"connected\",\"protocol\":\"Call\",\"version\":\"1.0.0\"}");
        emit(start());
    }

    private synchronized void failed(Throwable reason) {
        if (failure == null && !over) {
            failure = reason;
        }
    }

    /** Ends the call; nothing is a failure afterwards. */
    synchronized void hangUp() {
        over = true;
        emit("{\"event\":\"stop\",\"streamSid\":\"" + stream + "\",\"stop\":{\"callSid\":\"CA" + stream + "\"}}");
        stopped.tryEmitEmpty();
    }

    /** Why this call is no more; null while it goes on. */
    synchronized @Nullable Throwable failure() {
        return failure;
    }

    /** From the begin of the connection to the first frame of speech; negative if there was none yet. */
    synchronized double firstAudioMillis() {
        return firstAudioNanos == 0 ? -1 : (firstAudioNanos - connectedNanos) / 1e6;
    }

    synchronized void forget() {
        turnsHeard = 0;
        lateFrames = 0;
        frames = 0;
        echoesMillis.clear();
        tickLagsMillis.clear();
    }

    synchronized int turnsHeard() {
        return turnsHeard;
    }

    synchronized int lateFrames() {
        return lateFrames;
    }

    /** Frames of media, sent and received. */
    synchronized long frames() {
        return frames;
    }

    /** Of a relay: from a frame sent to the frame back; one in {@value #SAMPLED}. */
    synchronized List<Double> echoesMillis() {
        return List.copyOf(echoesMillis);
    }

    /** How late this phone's ticks were; one in {@value #SAMPLED}. */
    synchronized List<Double> tickLagsMillis() {
        return List.copyOf(tickLagsMillis);
    }

    /** 20 ms pass: audio is played, a frame of the user is sent. */
    synchronized void tick() {
        if (over || channel == null) {
            return;
        }
        play();
        tick++;
        frames++;
        clockTick();
        boolean loud = speaking > 0;
        if (loud) {
            speaking--;
        } else if (!relay && !inTurn && ++quiet == QUIET_TICKS) {
            speaking = SPEAK_TICKS;
            quiet = 0;
        }
        emit("{\"event\":\"media\",\"sequenceNumber\":\"" + (tick + 1) + "\",\"streamSid\":\"" + stream
                + "\",\"media\":{\"track\":\"inbound\",\"chunk\":\"" + tick + "\",\"timestamp\":\"" + tick * 20
                + "\",\"payload\":\"" + (loud ? LOUD : QUIET) + "\"}}");
    }

    private void clockTick() {
        long now = System.nanoTime();
        firstTickNanos = tick == 1 ? now : firstTickNanos;
        if (tick % SAMPLED == 0) {
            tickLagsMillis.add((now - firstTickNanos) / 1e6 - (tick - 1) * TICK_MILLIS);
        }
        if (relay) {
            awaitedEchoes.add(now);
        }
    }

    private void play() {
        int wanted = FRAME_BYTES;
        while (wanted > 0) {
            if (headLeft == 0) {
                echoMarks();
                if (!(buffer.poll() instanceof Integer bytes)) {
                    break;
                }
                headLeft = bytes;
            }
            int length = Math.min(wanted, headLeft);
            headLeft -= length;
            wanted -= length;
        }
        if (wanted == FRAME_BYTES && inTurn) {
            dryTicks++;
        } else if (wanted < FRAME_BYTES) {
            lateFrames += inTurn ? dryTicks : 0;
            dryTicks = 0;
            inTurn = true;
            quiet = 0;
        }
        if (headLeft == 0) {
            echoMarks();
        }
    }

    private void echoMarks() {
        while (buffer.peek() instanceof String name) {
            buffer.remove();
            echo(name);
        }
    }

    private void echo(String name) {
        emit("{\"event\":\"mark\",\"streamSid\":\"" + stream + "\",\"mark\":{\"name\":\"" + name + "\"}}");
        if (name.endsWith("e")) {
            inTurn = false;
            dryTicks = 0;
            turnsHeard++;
        }
    }

    /** Text in, without a parser and without a copy: the frames are ours and always the same. */
    private synchronized void frame(ByteBuf frame) {
        if (begins(frame, MEDIA)) {
            frames++;
            firstAudioNanos = firstAudioNanos == 0 ? System.nanoTime() : firstAudioNanos;
            echoed();
            buffer.add(audioBytes(frame));
        } else if (begins(frame, MARK)) {
            String text = frame.toString(StandardCharsets.UTF_8);
            buffer.add(text.substring(text.lastIndexOf(":\"") + 2, text.lastIndexOf('"')));
        } else {
            headLeft = 0;
            buffer.stream()
                    .filter(String.class::isInstance)
                    .map(String.class::cast)
                    .forEach(this::echo);
            buffer.clear();
            inTurn = false;
        }
    }

    private static boolean begins(ByteBuf frame, ByteBuf with) {
        int length = with.readableBytes();
        return frame.readableBytes() >= length && ByteBufUtil.equals(frame, frame.readerIndex(), with, 0, length);
    }

    private static ByteBuf constant(String text) {
        return Unpooled.unreleasableBuffer(Unpooled.copiedBuffer(text, StandardCharsets.US_ASCII));
    }

    /** How many bytes the payload, the last string of the frame, decodes to. */
    private static int audioBytes(ByteBuf frame) {
        int to = frame.writerIndex() - 1;
        while (frame.getByte(to) != '"') {
            to--;
        }
        int from = ByteBufUtil.indexOf(PAYLOAD, frame) + PAYLOAD.readableBytes();
        int padding = frame.getByte(to - 1) != '=' ? 0 : frame.getByte(to - 2) != '=' ? 1 : 2;
        return (to - from) / 4 * 3 - padding;
    }

    private void echoed() {
        Long sentNanos = awaitedEchoes.poll();
        if (sentNanos != null && frames % SAMPLED == 0) {
            echoesMillis.add((System.nanoTime() - sentNanos) / 1e6);
        }
    }

    @SuppressWarnings("FutureReturnValueIgnored") // a write that fails closes the channel
    private void emit(String frame) {
        if (channel != null) {
            channel.writeAndFlush(new TextWebSocketFrame(ByteBufUtil.writeAscii(channel.alloc(), frame)));
        }
    }

    private String start() {
        return "{\"event\":\"start\",\"sequenceNumber\":\"1\",\"streamSid\":\"" + stream
                + "\",\"start\":{\"accountSid\":\"AC\",\"streamSid\":\"" + stream + "\",\"callSid\":\"CA" + stream
                + "\",\"tracks\":[\"inbound\"],\"customParameters\":{\"token\":\"" + stream
                + "\"},\"mediaFormat\":{\"encoding\":\"audio/x-mulaw\",\"sampleRate\":8000,\"channels\":1}}}";
    }

    private static String payload(byte sample) {
        byte[] frame = new byte[FRAME_BYTES];
        Arrays.fill(frame, sample);
        return Base64.getEncoder().encodeToString(Unpooled.wrappedBuffer(frame).array());
    }
}
