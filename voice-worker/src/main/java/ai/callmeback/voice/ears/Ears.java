package ai.callmeback.voice.ears;

import ai.callmeback.vendors.VendorFault;
import ai.callmeback.vendors.stt.SpeechToText;
import ai.callmeback.vendors.stt.SttEvent;
import ai.callmeback.vendors.stt.SttOptions;
import ai.callmeback.vendors.stt.SttSession;
import ai.callmeback.voice.audio.LevelVad;
import ai.callmeback.voice.audio.Telephone;
import ai.callmeback.voice.loop.CallLoop;
import ai.callmeback.voice.loop.CallLoop.Timer;
import io.netty.buffer.ByteBufAllocator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Listens to the user: audio in, level, speech-to-text with its reconnects.
 *
 * <p>Audio is kept from the last final on, up to eight seconds, so that a connection that takes the place of a broken one
 * hears again what the old one had not finished with. It is sent at the pace the vendor works at (a quarter faster than
 * it was spoken), stretches of quiet left out, until nothing waits any more. Of a turn too long for that the words known
 * so far are kept, and only what came after them is heard again.
 *
 * <p>A connection that breaks is replaced at once by one to the same engine; one that cannot be opened within two
 * seconds, or the second that breaks within a minute, by one to the other engine; the fourth failure within a minute is
 * final. One that floods ({@link EventPace}) is broken, and so is one that says nothing of what is said ({@link Unheard}):
 * its place takes one to the other engine, which hears it again.
 */
public final class Ears {
    private static final long OPEN_DEADLINE_MILLIS = 2000;
    private static final long RETRY_MILLIS = 300;
    private static final long FORGET_FAILURES_MILLIS = 60_000;
    private static final int FAILURES_MOST = 3;
    private static final int KEPT_BYTES = 8 * 8000;
    /** The vendor reports a turn late: what it may not have heard of yet is kept even when nobody speaks. */
    private static final int KEPT_IN_SILENCE_BYTES = 8000;

    private static final int FRAME_BYTES = 160;

    private final CallLoop loop;
    private final SpeechToText speechToText;
    private final List<SttOptions> engines;
    private final Listener listener;
    private final LevelVad vad = new LevelVad();
    private final Unheard unheard = new Unheard();
    private final ReplayBuffer recent = new ReplayBuffer(KEPT_BYTES);
    private final byte[] frame = new byte[FRAME_BYTES];
    private final Map<String, Long> audioMillis = new HashMap<>();
    private LevelVad replayVad = new LevelVad();
    private @Nullable SttSession session;
    private @Nullable Generation generation;
    private @Nullable Timer deadline;
    private SttOptions options;
    private boolean opened;
    private boolean catchingUp;
    private int failures;
    private long lastFailureNanos;
    private long droppedMillis;
    private long allowance;
    private boolean closed;
    private boolean userSounds;
    private boolean turnOpen;
    private long turnStart;
    private long wordsUpTo;

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

        /** @param heardAgain the words of an open turn will all be heard again; else they are to be kept */
        void onReplaced(VendorFault fault, boolean heardAgain);

        /** Nothing is left to try. */
        void onDeaf(VendorFault fault);
    }

    /** Starts listening. */
    public void open() {
        if (closed) {
            return;
        }
        opened = false;
        listener.onConnecting(options, failures);
        Generation opening = new Generation();
        generation = opening;
        session = speechToText.open(options, loop.eventLoop(), opening);
        deadline = loop.after(OPEN_DEADLINE_MILLIS, opening::notOpened);
    }

    /** Takes the user's audio; the array may be reused when this returns. */
    public void audio(ByteBufAllocator allocator, byte[] mulaw, int length) {
        userSounds = vad.accept(mulaw, length);
        if (length == 0) {
            return;
        }
        recent.add(mulaw, length);
        SttSession current = session;
        if (current == null || !opened) {
            return;
        }
        if (catchingUp) {
            catchUp(current, allocator, length);
        } else {
            recent.sentAll();
            current.sendAudio(allocator.buffer(length).writeBytes(mulaw, 0, length));
            if (unheard.add(userSounds, vad.quietMillis(), recent.next() - length, length, loop.nanos())) {
                mute();
                return;
            }
        }
        forgetOld();
    }

    private void mute() {
        if (generation != null) {
            generation.over = true;
        }
        lost(VendorFault.of("deepgram", VendorFault.Kind.TIMEOUT, "says nothing of what is said"), true);
    }

    /** Sends a quarter more than came in, and passes over quiet, until nothing waits. */
    private void catchUp(SttSession current, ByteBufAllocator allocator, int cameIn) {
        allowance += cameIn + cameIn / 4;
        while (allowance >= FRAME_BYTES && recent.waiting() > 0) {
            int length = recent.take(frame, FRAME_BYTES);
            if (replayVad.accept(frame, length)) {
                allowance -= length;
                current.sendAudio(allocator.buffer(length).writeBytes(frame, 0, length));
            }
        }
        catchingUp = recent.waiting() > 0;
    }

    private void forgetOld() {
        if (!turnOpen) {
            recent.forgetBefore(unheard.from(recent.next()) - KEPT_IN_SILENCE_BYTES);
        }
    }

    /** Whether the engine in use ends turns by silence alone, and not by what was said. */
    public boolean endTurnsBySilence() {
        return options.engine() == SttOptions.Engine.NOVA;
    }

    /** Whether the user makes a sound, by level alone. */
    public boolean userSounds() {
        return userSounds;
    }

    /** How long the user has been making a sound, by level alone. */
    public long soundMillis() {
        return vad.soundMillis();
    }

    /** How long the user has made no sound, by level alone. */
    public long quietMillis() {
        return vad.quietMillis();
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
        return droppedMillis + Telephone.millis(recent.lost()) + (session == null ? 0 : session.audioMillisDropped());
    }

    public void close() {
        closed = true;
        if (session != null) {
            retire();
        }
    }

    private void retire() {
        if (deadline != null) {
            deadline.cancel();
            deadline = null;
        }
        SttSession old = session;
        session = null;
        if (old != null) {
            old.close();
            audioMillis.merge(options.model(), old.audioMillisSent(), Long::sum);
            droppedMillis += old.audioMillisDropped();
        }
    }

    /** @param other whether another connection to the same engine would be no better */
    private void lost(VendorFault fault, boolean other) {
        boolean wasOpened = opened;
        retire();
        opened = false;
        long now = loop.nanos();
        failures = now - lastFailureNanos > FORGET_FAILURES_MILLIS * 1_000_000 ? 1 : failures + 1;
        lastFailureNanos = now;
        boolean hopeless = failures > FAILURES_MOST || (engines.size() == 1 && !fault.retryable());
        if (hopeless) {
            listener.onDeaf(fault);
            return;
        }
        if (other || failures > 1 || !wasOpened) {
            options = options.equals(engines.getFirst()) ? engines.getLast() : engines.getFirst();
        }
        listener.onReplaced(fault, rewind());
        if (failures == 1) {
            open();
        } else {
            loop.after(RETRY_MILLIS, this::openUnlessOpen);
        }
    }

    /** Back to the last final; in too long a turn, to the last words known. Returns whether it is the former. */
    private boolean rewind() {
        boolean all = !turnOpen || turnStart >= recent.start();
        recent.rewind(turnOpen ? (all ? turnStart : wordsUpTo) : recent.start());
        turnOpen &= !all;
        return all;
    }

    private void openUnlessOpen() {
        if (session == null) {
            open();
        }
    }

    private void opened() {
        opened = true;
        if (deadline != null) {
            deadline.cancel();
            deadline = null;
        }
        unheard.heard();
        catchingUp = recent.waiting() > 0;
        replayVad = new LevelVad();
        allowance = 0;
    }

    /** Keeps account of which audio is done with. */
    private void note(SttEvent event) {
        switch (event) {
            case SttEvent.StartOfTurn start -> {
                if (!turnOpen) {
                    turnOpen = true;
                    turnStart = recent.start();
                }
                wordsUpTo = positionOf(start.audioMillis());
            }
            case SttEvent.Update update -> wordsUpTo = positionOf(update.audioMillis());
            case SttEvent.TurnResumed resumed -> wordsUpTo = positionOf(resumed.audioMillis());
            case SttEvent.EndOfTurn end -> {
                turnOpen = false;
                recent.forgetBefore(Math.min(recent.next(), positionOf(end.audioMillis())));
            }
            case SttEvent.EagerEndOfTurn eager -> {}
            case SttEvent.Opened ready -> {}
            case SttEvent.Closed gone -> {}
        }
    }

    /** From the vendor's count of the audio it was sent on this connection to ours. */
    private long positionOf(long vendorMillis) {
        SttSession current = session;
        long behind = current == null ? 0 : Math.max(0, current.audioMillisSent() - vendorMillis);
        return recent.next() - Telephone.bytes(behind);
    }

    /** Events of one connection; those of a connection already given up are nobody's. */
    private final class Generation implements ai.callmeback.vendors.stt.SttListener {
        private final EventPace pace = new EventPace();
        private boolean over;

        @Override
        public void onEvent(SttEvent event) {
            if (over || closed) {
                return;
            }
            if (pace.isTooMuch(loop.nanos())) {
                over = true;
                lost(VendorFault.of("deepgram", VendorFault.Kind.LIMIT, "too many events"), true);
                return;
            }
            switch (event) {
                case SttEvent.Closed gone -> {
                    over = true;
                    lost(gone.fault(), !gone.fault().retryable());
                }
                case SttEvent.Opened ready -> opened();
                default -> {
                    unheard.heard();
                    note(event);
                    listener.onSpeech(event);
                }
            }
        }

        void notOpened() {
            if (!over && !closed && !opened) {
                over = true;
                lost(VendorFault.of("deepgram", VendorFault.Kind.TIMEOUT, "not open in time"), true);
            }
        }
    }
}
