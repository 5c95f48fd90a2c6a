package ai.callmeback.voice.mouth;

import ai.callmeback.vendors.VendorFault;
import ai.callmeback.vendors.tts.TextToSpeech;
import ai.callmeback.vendors.tts.TtsEvent;
import ai.callmeback.vendors.tts.TtsListener;
import ai.callmeback.vendors.tts.TtsOptions;
import ai.callmeback.vendors.tts.TtsSession;
import ai.callmeback.voice.loop.CallLoop;
import ai.callmeback.voice.wording.Speakable;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Speaks the agent's turns: cuts the model's words into clauses, puts them as they are said, sends them to the voice in
 * one context per turn, and hands on what comes back.
 *
 * <p>Clauses are sent no more than about eight seconds of speech ahead of the phone: what is interrupted before it is
 * sent costs nothing. At most {@value #MOST_CLAUSES} clauses wait; a turn that has more is cut there.
 *
 * <p>A voice connection that breaks is replaced at once and what was not yet spoken is asked for again; the second
 * failure within a minute, or a silence of {@value OwedSpeech#SILENT_MILLIS} ms, goes to the vendor's other interface, the next is
 * final. Then only phrases of the {@link PhraseCache} can still be said.
 */
public final class Mouth {
    static final int MOST_CLAUSES = 200;

    private static final long AHEAD_MILLIS = 8000;
    /** Phrases are made so seldom that they stand in no answer's way. */
    private static final long PHRASE_EVERY_MILLIS = 1500;

    private final CallLoop loop;
    private final TextToSpeech textToSpeech;
    private TtsOptions voice;
    private final LongSupplier waitingMillis;
    private final Listener listener;
    private final Deque<String> clauses = new ArrayDeque<>();
    private @Nullable TtsSession session;
    private @Nullable Generation current;
    private @Nullable Speaking speaking;
    private final PhraseMaker phrases;
    private final OwedSpeech owed;
    private final ContextEnd contextEnd;
    private final Failures failures = new Failures();
    private int contexts;
    private long characters;
    private boolean phrasesRest;
    private boolean closed;

    /** @param waitingMillis audio that waits to be sent to the phone */
    public Mouth(
            CallLoop loop,
            TextToSpeech textToSpeech,
            TtsOptions voice,
            PhraseCache cache,
            LongSupplier waitingMillis,
            Listener listener) {
        this.phrases = new PhraseMaker(cache, voice);
        this.owed = new OwedSpeech(loop);
        this.contextEnd = new ContextEnd(loop);
        this.loop = loop;
        this.textToSpeech = textToSpeech;
        this.voice = voice;
        this.waitingMillis = waitingMillis;
        this.listener = listener;
    }

    /** What the mouth reports, of the turn being spoken only. */
    public interface Listener {
        void onConnecting(int attempt);

        /**
         * The listener owns the audio.
         *
         * @param guess the words the piece is likely to hold, if the vendor did not say; else empty
         */
        void onSpeech(int turn, TtsEvent.Audio piece, String guess);

        /** @param rest words that were spoken, but whose time the vendor did not tell */
        void onSpoken(int turn, String rest);

        /** Nothing has been heard yet of words given a while ago. */
        void onVoiceLate(int turn);

        void onReplaced(VendorFault fault);

        /** Nothing is left to try. */
        void onMute(VendorFault fault);
    }

    /** Connects; text may be given before that is done. */
    public void open() {
        listener.onConnecting(failures.count());
        connect(false);
    }

    /** Speaks with another voice from now on, over a connection of its own; nothing is being said now. */
    public void become(TtsOptions next) {
        cancel();
        if (!next.equals(voice)) {
            retire();
            phrases.become(next);
            voice = next;
            if (failures.count() <= Failures.MOST) {
                listener.onConnecting(failures.count());
                connect(failures.count() > 1);
            }
        }
    }

    private void connect(boolean fallback) {
        Generation generation = new Generation();
        current = generation;
        session = fallback
                ? textToSpeech.openFallback(voice, loop.eventLoop(), generation)
                : textToSpeech.open(voice, loop.eventLoop(), generation);
    }

    /** Begins a turn, and its context with it, so that the voice is ready when the words come. */
    public void begin(int turn) {
        cancel();
        speaking = new Speaking(turn);
        openContext(speaking);
    }

    /** Adds words of the model; whole clauses go to the voice at once. */
    public void words(int turn, String text) {
        Speaking now = speaking;
        if (now != null && now.turn == turn && !now.textOver) {
            enqueue(now, now.splitter.push(text));
        }
    }

    /** Says a fixed phrase in this turn, before any words still to come; at once if it has been said before. */
    public void phrase(int turn, String text) {
        Speaking now = speaking;
        if (now == null || now.turn != turn || now.textOver) {
            return;
        }
        if (owed.isOwed() || !clauses.isEmpty() || !putIn(turn, text)) {
            words(turn, text + "\n");
            enqueue(now, now.splitter.finish());
        }
    }

    /** Says a fixed phrase in this turn before anything that is still to come, if that needs no vendor. */
    public boolean putIn(int turn, String text) {
        Speaking now = speaking;
        PhraseCache.Phrase known = phrases.find(text);
        if (now == null || now.turn != turn || known == null) {
            return false;
        }
        listener.onSpeech(turn, known.audio(now.context), "");
        return true;
    }

    /** Says what another worker had ready in this turn, and then the words behind it. */
    public void goOn(int turn, LonePhrase.@Nullable Speech speech, String rest) {
        Speaking now = speaking;
        if (now == null || now.turn != turn) {
            return;
        }
        if (speech != null) {
            listener.onSpeech(turn, new PhraseCache.Phrase(speech.mulaw(), speech.alignment()).audio(now.context), "");
        }
        words(turn, rest);
        finish(turn);
    }

    /** What of the present turn's words so far has not become speech, as it was to be said. */
    public String unsaid() {
        Speaking now = speaking;
        if (now == null) {
            return "";
        }
        StringBuilder text = new StringBuilder(now.owed());
        clauses.forEach(clause -> text.append(clause).append(' '));
        return text.append(Speakable.of(now.splitter.pending())).toString();
    }

    /** Whether this can be said without the vendor. */
    public boolean knows(String text) {
        return phrases.find(text) != null;
    }

    /** Phrases that will have to be said at once, perhaps when the vendor is down: made when there is time. */
    public void prepare(List<String> texts) {
        phrases.want(texts);
        makePhrases();
    }

    private void makePhrases() {
        if (speaking == null && session != null && !phrasesRest && phrases.next(session)) {
            phrasesRest = true;
            loop.after(PHRASE_EVERY_MILLIS, () -> {
                phrasesRest = false;
                makePhrases();
            });
        }
    }

    /** The turn's words are complete. */
    public void finish(int turn) {
        Speaking now = speaking;
        if (now != null && now.turn == turn && !now.textOver) {
            List<String> rest = now.splitter.finish();
            now.textOver = true;
            enqueue(now, rest);
        }
    }

    /** Says no more of this turn; nothing of it is reported afterwards. */
    public void cancel() {
        Speaking now = speaking;
        speaking = null;
        clauses.clear();
        stopWaiting();
        if (now != null && now.contextOpen && session != null) {
            session.cancelContext(now.context);
        }
        makePhrases();
    }

    /** Audio has gone out: there may be room for another clause. */
    public void roomMade() {
        Speaking now = speaking;
        if (now != null) {
            send(now);
        }
    }

    /** Characters the voice was asked for: what is billed. */
    public long charactersBilled() {
        return characters + (session == null ? 0 : session.charactersBilled());
    }

    public String modelId() {
        return voice.modelId();
    }

    public void close() {
        closed = true;
        retire();
        cancel();
    }

    private void enqueue(Speaking now, List<String> more) {
        for (String clause : more) {
            String spoken = clauses.size() < MOST_CLAUSES ? Speakable.of(clause) : "";
            if (!spoken.isEmpty()) {
                clauses.add(spoken);
            }
        }
        send(now);
    }

    private void send(Speaking now) {
        if (clauses.isEmpty() && now.textOver && now.sent.isEmpty()) {
            if (session != null) {
                session.cancelContext(now.context);
            }
            spoken(now);
            return;
        }
        TtsSession voiceSession = session;
        if (voiceSession == null) {
            return;
        }
        while (!clauses.isEmpty() && isRoom(now)) {
            String clause = clauses.remove() + " ";
            now.sent.append(clause);
            voiceSession.text(now.context, clause);
            voiceSession.flush(now.context);
            owed.owe(() -> listener.onVoiceLate(now.turn), () -> silent(now));
        }
        if (clauses.isEmpty() && now.textOver && !now.contextClosed) {
            now.contextClosed = true;
            voiceSession.closeContext(now.context);
            waitForFinal(now);
        }
    }

    private boolean isRoom(Speaking now) {
        return waitingMillis.getAsLong() + now.owedMillis() < AHEAD_MILLIS;
    }

    private void openContext(Speaking now) {
        now.context = "t" + now.turn + "-" + contexts++;
        now.contextClosed = false;
        if (session != null) {
            now.contextOpen = true;
            session.startContext(now.context);
        }
    }

    private void waitForFinal(Speaking now) {
        contextEnd.await(() -> {
            if (speaking == now) {
                spoken(now);
            }
        });
    }

    private void spoken(Speaking now) {
        speaking = null;
        stopWaiting();
        listener.onSpoken(now.turn, now.owed());
        makePhrases();
    }

    private void stopWaiting() {
        contextEnd.cancel();
        owed.settle();
    }

    private void silent(Speaking now) {
        if (speaking == now) {
            broken(VendorFault.of(
                    "elevenlabs", VendorFault.Kind.TIMEOUT, "no audio for " + OwedSpeech.SILENT_MILLIS + " ms"));
        }
    }

    private void retire() {
        TtsSession old = session;
        session = null;
        current = null;
        phrases.dropped();
        if (old != null) {
            old.close();
            characters += old.charactersBilled();
        }
    }

    private void broken(VendorFault fault) {
        retire();
        failures.add(loop.nanos(), fault.kind() == VendorFault.Kind.TIMEOUT);
        if (failures.count() > Failures.MOST) {
            listener.onMute(fault);
            return;
        }
        listener.onReplaced(fault);
        listener.onConnecting(failures.count());
        connect(failures.count() > 1);
        if (speaking != null) {
            sayRestAgain(speaking);
        }
    }

    /** In a new context: everything that was sent and did not come back as speech. */
    private void sayRestAgain(Speaking now) {
        String rest = now.owed().strip();
        now.startOver();
        stopWaiting();
        openContext(now);
        if (!rest.isEmpty()) {
            clauses.addFirst(rest);
        }
        send(now);
    }

    private void piece(Speaking now, TtsEvent.Audio audio) {
        owed.settle();
        if (now.contextClosed) {
            waitForFinal(now);
        }
        TtsEvent.Alignment alignment = audio.alignment();
        String guess = alignment == null ? now.guess(audio.mulaw().readableBytes()) : "";
        now.cameBack(alignment == null ? guess.length() : alignment.text().length());
        listener.onSpeech(now.turn, audio, guess);
    }

    /** Events of one connection; those of a connection already given up are nobody's. */
    private final class Generation implements TtsListener {
        @Override
        public void onEvent(TtsEvent event) {
            boolean live = current == this && !closed;
            switch (event) {
                case TtsEvent.Audio audio -> onAudio(audio, live);
                case TtsEvent.ContextFinal end -> {
                    if (live) {
                        onFinal(end.contextId());
                    }
                }
                case TtsEvent.ContextFailed failed -> {
                    if (live) {
                        onFailed(failed);
                    }
                }
                case TtsEvent.Closed gone -> {
                    if (live) {
                        broken(gone.fault());
                    }
                }
                case TtsEvent.Opened opened -> {
                    if (live) {
                        makePhrases();
                    }
                }
            }
        }

        private void onAudio(TtsEvent.Audio audio, boolean live) {
            Speaking now = speaking;
            if (live && now != null && now.context.equals(audio.contextId())) {
                piece(now, audio);
            } else if (live && phrases.isMaking(audio.contextId())) {
                phrases.audio(audio);
            } else {
                audio.mulaw().release();
            }
        }

        private void onFinal(String contextId) {
            Speaking now = speaking;
            if (now != null && now.context.equals(contextId)) {
                spoken(now);
            } else if (phrases.isMaking(contextId)) {
                phrases.made();
                makePhrases();
            }
        }

        private void onFailed(TtsEvent.ContextFailed failed) {
            if (speaking != null && speaking.context.equals(failed.contextId())) {
                broken(failed.fault());
            } else if (phrases.isMaking(failed.contextId())) {
                phrases.dropped();
            }
        }
    }
}
