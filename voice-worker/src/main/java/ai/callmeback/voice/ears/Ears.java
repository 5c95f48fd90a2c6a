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
 * final. One that floods ({@link EventPace}) is broken. One that says nothing of what is said ({@link Unheard}) gives its place
 * to the other engine, which hears it again; if that has no words for it either, though it lives, it was noise, and the first
 * engine is gone back to.
 */
public final class Ears {
    private static final long OPEN_DEADLINE_MILLIS = 2000;
    private static final long RETRY_MILLIS = 300;
    private static final int KEPT_BYTES = 8 * 8000;
    /** The vendor reports a turn late: what it may not have heard of yet is kept even when nobody speaks. */
    private static final int KEPT_IN_SILENCE_BYTES = 8000;

    /** Nova says something each second, words or not. */
    private static final long LIVES_WITHIN_MILLIS = 2_500;

    private static final VendorFault MUTE =
            VendorFault.of("deepgram", VendorFault.Kind.TIMEOUT, "says nothing of what is said");

    private final CallLoop loop;
    private final SpeechToText speechToText;
    private final List<SttOptions> engines;
    private final Listener listener;
    private final LevelVad vad = new LevelVad();
    private final Unheard unheard = new Unheard();
    private final SecondOpinion opinion = new SecondOpinion();
    private final ReplayBuffer recent = new ReplayBuffer(KEPT_BYTES);
    private final EngineTurn turn = new EngineTurn(recent);
    private final CatchUp catchUp = new CatchUp(recent);
    private final Failures failures = new Failures();
    private final SentAudio sentAudio = new SentAudio();
    private @Nullable SttSession session;
    private @Nullable Generation generation;
    private @Nullable Timer deadline;
    private SttOptions options;
    private boolean opened;
    private boolean closed;
    private boolean userSounds;
    /** The connection took the place of a lost or doubted one, and has had no word yet. */
    private boolean unproven;
    /** The first engine was doubted for nothing. */
    private boolean goesBack;

    private int reports;

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

        /** The first engine listens again, in no turn: the other had nothing to say either. */
        void onWentBack();

        /** Nothing is left to try. */
        void onDeaf(VendorFault fault);
    }

    /** Starts listening. */
    public void open() {
        if (closed) {
            return;
        }
        opened = false;
        listener.onConnecting(options, failures.count());
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
        if (catchUp.isUnderWay()) {
            catchUp.send(current, allocator, length);
        } else {
            recent.sentAll();
            current.sendAudio(allocator.buffer(length).writeBytes(mulaw, 0, length));
            boolean mute = unheard.add(userSounds, vad.quietMillis(), recent.next() - length, length);
            if ((mute && suspect()) || judge(current, length)) {
                return;
            }
        }
        forgetOld();
    }

    /**
     * The user has made a sound and waits for an answer, and not a word of it has been reported: the other engine shall hear it,
     * unless that was tried not long ago.
     */
    public void doubt() {
        if (opened && !catchUp.isUnderWay() && unheard.isAny()) {
            var unused = suspect();
        }
    }

    /** Returns whether the connection is another one now. One that has yet to show that it hears needs no second opinion. */
    private boolean suspect() {
        if (opinion.isSought()) {
            return false;
        }
        if (areInDoubt()) {
            giveUp();
            lost(MUTE, true);
            return true;
        }
        boolean doubted = unheard.mayDoubt(loop.nanos());
        if (doubted) {
            askTheOther();
        }
        return doubted;
    }

    private void askTheOther() {
        opinion.seek(unheard.from(recent.next()), recent.next());
        giveUp();
        retire();
        changeEngine();
        listener.onReplaced(MUTE, turn.rewind());
        open();
    }

    /** Looks what has become of a doubt; returns whether the connection is another one now. */
    private boolean judge(SttSession current, int length) {
        if (unproven
                && options.engine() == SttOptions.Engine.NOVA
                && current.audioMillisUnanswered() > LIVES_WITHIN_MILLIS) {
            giveUp();
            lost(MUTE, true);
            return true;
        }
        if (opinion.listened(length) == SecondOpinion.Finding.NOISE) {
            noise();
        }
        if (goesBack && !turn.isOpen() && !userSounds) {
            goBack();
            return true;
        }
        return false;
    }

    private void noise() {
        unheard.wasNoise();
        unproven = false;
        goesBack = !options.equals(engines.getFirst());
    }

    private void goBack() {
        giveUp();
        retire();
        options = engines.getFirst();
        turn.forget();
        recent.sentAll();
        listener.onWentBack();
        open();
    }

    /** Nothing the present connection says counts any more. */
    private void giveUp() {
        goesBack = false;
        if (generation != null) {
            generation.over = true;
        }
    }

    private void changeEngine() {
        unproven = true;
        options = options.equals(engines.getFirst()) ? engines.getLast() : engines.getFirst();
    }

    private void forgetOld() {
        if (!turn.isOpen()) {
            recent.forgetBefore(opinion.from(unheard.from(recent.next())) - KEPT_IN_SILENCE_BYTES);
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

    /** Whether nobody can rely on being heard now: there is no connection, or a new one that has not had a word yet. */
    public boolean areInDoubt() {
        SttSession current = session;
        if (current == null || !opened) {
            return true;
        }
        boolean lives = options.engine() == SttOptions.Engine.NOVA
                && current.audioMillisUnanswered() < current.audioMillisSent();
        return unproven && !lives;
    }

    /** Whether another engine was asked what a sound was, and has no word of it yet. */
    public boolean seekOpinion() {
        return opinion.isSought();
    }

    /** How often anything has been reported of what the user says: it grows with each word. */
    public int reports() {
        return reports;
    }

    public void forceEndTurn() {
        if (session != null) {
            session.forceEndTurn();
        }
    }

    /** Audio sent so far, in milliseconds by model: what is billed. */
    public Map<String, Long> audioMillisByModel() {
        return sentAudio.with(options.model(), session);
    }

    /** Audio that no vendor ever got. */
    public long droppedMillis() {
        return sentAudio.droppedWith(session) + Telephone.millis(recent.lost());
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
            sentAudio.add(options.model(), old);
        }
    }

    /** @param other whether another connection to the same engine would be no better */
    private void lost(VendorFault fault, boolean other) {
        boolean wasOpened = opened;
        retire();
        opened = false;
        // Whom this one took the place of was mute, then: two have failed.
        failures.add(opinion.isSought() ? 2 : 1, loop.nanos());
        opinion.drop();
        boolean hopeless = failures.areTooMany() || (engines.size() == 1 && !fault.retryable());
        if (hopeless) {
            listener.onDeaf(fault);
            return;
        }
        unproven = true;
        if (other || failures.count() > 1 || !wasOpened) {
            changeEngine();
        }
        listener.onReplaced(fault, turn.rewind());
        if (failures.count() == 1) {
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

    private void opened() {
        opened = true;
        if (deadline != null) {
            deadline.cancel();
            deadline = null;
        }
        unheard.heard();
        catchUp.begin();
    }

    /** Keeps account of which audio is done with, and of who was right. */
    private void note(SttEvent event) {
        long position = positionOf(EngineTurn.audioMillis(event));
        reports++;
        unheard.heard();
        unproven = false;
        switch (opinion.words(position)) {
            case SPEECH -> unheard.wasSpeech();
            case NOISE -> noise();
            case NOT_YET -> {}
        }
        turn.note(event, position);
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
