package ai.callmeback.simulators.deepgram;

import ai.callmeback.simulators.core.Details;
import ai.callmeback.simulators.core.Faults;
import ai.callmeback.simulators.core.Journal;
import ai.callmeback.simulators.speech.Hearing;
import ai.callmeback.simulators.speech.MuLaw;
import ai.callmeback.simulators.speech.SpeechCodec;
import ai.callmeback.simulators.speech.SpeechDecoder;
import ai.callmeback.simulators.speech.SpeechListener;
import ai.callmeback.simulators.tuning.TuningSwitch;
import ai.callmeback.simulators.wire.Json;
import ai.callmeback.simulators.wire.Peer;
import ai.callmeback.simulators.wire.SocketFaults;
import ai.callmeback.simulators.wire.SocketHandler;
import io.netty.buffer.ByteBuf;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import tools.jackson.databind.JsonNode;

/** What both engines have in common: taking audio in, timing, delays, faults, idle time-out and the account of it all. */
abstract class ListenSession implements SocketHandler {
    /** Shared needs of the sessions. */
    record Shared(
            Journal journal, Faults faults, TuningSwitch tuning, DeepgramSettings settings, DeepgramAccount account) {}

    /** Audio sent faster than this multiple of real time is not worked on faster. */
    private static final double MAX_SPEED = 1.25;

    private static final String IDLE_REASON =
            "Deepgram did not receive audio data or a text message within the timeout window. See https://dpgr.am/net0001";

    final String requestId;
    final Peer peer;
    final Shared shared;
    ListenOptions options;

    private final SocketFaults out;
    private final long openedNanos = System.nanoTime();
    private SpeechDecoder decoder = new SpeechDecoder(new Hearing());
    private byte[] scratch = new byte[2048];
    private long audioBytes;
    private long lastHeardNanos = openedNanos;
    private Peer.Timer idle = Peer.Timer.NONE;
    private long nextFaultCheckBytes;
    private boolean ended;
    private int closeCode = 1006;

    ListenSession(String requestId, Peer peer, ListenOptions options, Shared shared) {
        this.requestId = requestId;
        this.peer = peer;
        this.options = options;
        this.shared = shared;
        String[] targets = options.tags().toArray(new String[options.tags().size() + 1]);
        targets[targets.length - 1] = requestId;
        this.out = new SocketFaults(peer, shared.faults(), "deepgram", "listen", targets);
    }

    /** Sets what listens to the audio; to be called once, by the constructor of the engine. */
    final void listenWith(SpeechListener listener) {
        decoder = new SpeechDecoder(listener);
    }

    /** A piece of audio has been read completely. */
    abstract void heard();

    /** A text message, already a JSON object with a type. */
    abstract void control(String type, JsonNode message);

    /** What cannot be understood ends the session. */
    abstract void malformed(String message);

    /** The client has no more audio. */
    abstract void closeStream();

    /** Ten seconds of nothing. */
    abstract void idle(String reason);

    @Override
    public void opened() {
        watchIdle(shared.settings().idleTimeout());
        shared.journal()
                .append(
                        "deepgram",
                        requestId,
                        "session.opened",
                        Details.of(
                                "engine", options.flux() ? "flux" : "nova",
                                "model", options.model(),
                                "tags", options.tags()));
    }

    @Override
    public void text(String message) {
        if (ended) {
            return;
        }
        JsonNode json = Json.object(message);
        String type = Json.text(json, "type");
        if (json == null || type == null) {
            malformed("not a JSON message with a type");
            return;
        }
        // Text alone does not keep a connection that never had audio.
        if (audioBytes > 0) {
            lastHeardNanos = System.nanoTime();
        }
        if (type.equals("CloseStream")) {
            finish();
        } else {
            control(type, json);
        }
    }

    @Override
    public void binary(ByteBuf message) {
        if (ended) {
            return;
        }
        int count = message.readableBytes();
        if (count == 0) {
            finish();
            return;
        }
        lastHeardNanos = System.nanoTime();
        audioBytes += count / options.bytesPerSample() / (options.sampleRate() / 8000);
        read(message, count);
        heard();
        if (audioBytes >= nextFaultCheckBytes) {
            nextFaultCheckBytes = audioBytes + 500L * SpeechCodec.BYTES_PER_MILLI;
            out.poll();
        }
    }

    @Override
    public void closed() {
        ended = true;
        idle.cancel();
        shared.account().closed(this);
        shared.journal()
                .append(
                        "deepgram",
                        requestId,
                        "session.closed",
                        Details.of(
                                "engine", options.flux() ? "flux" : "nova",
                                "model", options.model(),
                                "audioMs", audioMillis(),
                                "closeCode", closeCode,
                                "tags", options.tags()));
    }

    /** Sends after the vendor's latency, and not before audio sent in a hurry has been worked through. */
    final void send(CharSequence json) {
        long elapsed = System.nanoTime() - openedNanos;
        long workedThrough = (long) (TimeUnit.MILLISECONDS.toNanos(audioMillis()) / MAX_SPEED);
        long latency = TimeUnit.MILLISECONDS.toNanos(shared.tuning().now().sttLatencyMillis());
        // A head start of one second is not hurry: buffered audio of the time before the upgrade comes at once.
        long throttle = Math.max(0, workedThrough - elapsed - TimeUnit.SECONDS.toNanos(1));
        out.send(json, latency + throttle);
    }

    final void close(int code, String reason) {
        ended = true;
        closeCode = code;
        out.afterSent(() -> peer.close(code, reason));
    }

    final void closeWithoutStatus() {
        ended = true;
        closeCode = 1005;
        out.afterSent(peer::closeWithoutStatus);
    }

    /** Milliseconds of audio received: what is billed. */
    final long audioMillis() {
        return audioBytes / SpeechCodec.BYTES_PER_MILLI;
    }

    final long positionBytes() {
        return audioBytes;
    }

    private void finish() {
        decoder.end();
        closeStream();
        ended = true;
    }

    private void read(ByteBuf message, int count) {
        if (scratch.length < count) {
            scratch = new byte[count];
        }
        message.getBytes(message.readerIndex(), scratch, 0, count);
        int bytes = options.bytesPerSample() == 1 ? count : toMuLaw(count, 2 * (options.sampleRate() / 8000));
        decoder.accept(scratch, 0, bytes);
    }

    /** Little-endian 16-bit samples to µ-law in place, every {@code step} bytes one. */
    private int toMuLaw(int count, int step) {
        int written = 0;
        for (int at = 0; at + 1 < count; at += step) {
            scratch[written++] = MuLaw.encode((short) ((scratch[at] & 0xFF) | (scratch[at + 1] << 8)));
        }
        return written;
    }

    private void watchIdle(Duration wait) {
        idle = peer.after(wait, () -> {
            long leftNanos = shared.settings().idleTimeout().toNanos() - (System.nanoTime() - lastHeardNanos);
            if (ended) {
                return;
            }
            if (leftNanos > 0) {
                watchIdle(Duration.ofNanos(leftNanos));
            } else {
                idle(IDLE_REASON);
            }
        });
    }
}
