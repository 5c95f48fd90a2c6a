package ai.callmeback.voice.ears;

import ai.callmeback.vendors.VendorFault;
import ai.callmeback.vendors.stt.SpeechToText;
import ai.callmeback.vendors.stt.SttEvent;
import ai.callmeback.vendors.stt.SttOptions;
import ai.callmeback.vendors.stt.SttSession;
import ai.callmeback.voice.audio.LevelVad;
import ai.callmeback.voice.loop.CallLoop;
import io.netty.buffer.ByteBufAllocator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Listens to the user: audio in, level, speech-to-text with its reconnects.
 *
 * <p>Audio that comes before the vendor is ready, or while it is being replaced, is kept by the session up to ten seconds,
 * the oldest dropped beyond. A connection that breaks is replaced at once, then after a second, then by the other engine;
 * the fourth failure within a minute is final.
 */
public final class Ears {
    private static final long RETRY_MILLIS = 1000;
    private static final long FORGET_FAILURES_MILLIS = 60_000;

    private final CallLoop loop;
    private final SpeechToText speechToText;
    private final List<SttOptions> engines;
    private final Listener listener;
    private final LevelVad vad = new LevelVad();
    private final Map<String, Long> audioMillis = new HashMap<>();
    private @Nullable SttSession session;
    private SttOptions options;
    private int failures;
    private long lastFailureNanos;
    private long droppedMillis;
    private boolean closed;
    private boolean userSounds;

    /** @param engines the one to use and, if there is one, the one to fall back to */
    public Ears(CallLoop loop, SpeechToText speechToText, List<SttOptions> engines, Listener listener) {
        this.loop = loop;
        this.speechToText = speechToText;
        this.engines = List.copyOf(engines);
        this.options = engines.getFirst();
        this.listener = listener;
    }

    /** What the ears report. */
    public interface Listener {
        void onConnecting(SttOptions options, int attempt);

        void onSpeech(SttEvent event);

        void onReplaced(VendorFault fault);

        /** Nothing is left to try. */
        void onDeaf(VendorFault fault);
    }

    /** Starts listening. */
    public void open() {
        if (closed) {
            return;
        }
        listener.onConnecting(options, failures);
        session = speechToText.open(options, loop.eventLoop(), new Generation());
    }

    /** Takes the user's audio; the array may be reused when this returns. */
    public void audio(ByteBufAllocator allocator, byte[] mulaw, int length) {
        userSounds = vad.accept(mulaw, length);
        SttSession current = session;
        if (current != null && length > 0) {
            current.sendAudio(allocator.buffer(length).writeBytes(mulaw, 0, length));
        }
    }

    /** Whether the user makes a sound, by level alone. */
    public boolean userSounds() {
        return userSounds;
    }

    public void forceEndTurn() {
        if (session != null) {
            session.forceEndTurn();
        }
    }

    /** Audio sent so far, in milliseconds by model: what is billed. */
    public Map<String, Long> audioMillisByModel() {
        Map<String, Long> all = new HashMap<>(audioMillis);
        if (session != null) {
            all.merge(options.model(), session.audioMillisSent(), Long::sum);
        }
        return all;
    }

    /** Audio that no vendor ever got. */
    public long droppedMillis() {
        return droppedMillis + (session == null ? 0 : session.audioMillisDropped());
    }

    public void close() {
        closed = true;
        if (session != null) {
            retire();
        }
    }

    private void retire() {
        SttSession old = session;
        session = null;
        if (old != null) {
            old.close();
            audioMillis.merge(options.model(), old.audioMillisSent(), Long::sum);
            droppedMillis += old.audioMillisDropped();
        }
    }

    private void lost(VendorFault fault) {
        retire();
        long now = loop.nanos();
        failures = now - lastFailureNanos > FORGET_FAILURES_MILLIS * 1_000_000 ? 1 : failures + 1;
        lastFailureNanos = now;
        boolean hopeless = failures > 3 || (engines.size() == 1 && !fault.retryable());
        if (hopeless) {
            listener.onDeaf(fault);
            return;
        }
        if (failures == 3 || !fault.retryable()) {
            options = engines.getLast();
        }
        listener.onReplaced(fault);
        if (failures == 1) {
            open();
        } else {
            loop.after(RETRY_MILLIS, this::openUnlessOpen);
        }
    }

    private void openUnlessOpen() {
        if (session == null) {
            open();
        }
    }

    /** Events of one connection; those of a connection already given up are nobody's. */
    private final class Generation implements ai.callmeback.vendors.stt.SttListener {
        private boolean over;

        @Override
        public void onEvent(SttEvent event) {
            if (over || closed) {
                return;
            }
            if (event instanceof SttEvent.Closed gone) {
                over = true;
                lost(gone.fault());
            } else {
                listener.onSpeech(event);
            }
        }
    }
}
