package ai.callmeback.voice.mouth;

import ai.callmeback.vendors.VendorFault;
import ai.callmeback.vendors.tts.TextToSpeech;
import ai.callmeback.vendors.tts.TtsEvent;
import ai.callmeback.vendors.tts.TtsOptions;
import ai.callmeback.vendors.tts.TtsSession;
import ai.callmeback.voice.loop.CallLoop;
import ai.callmeback.voice.wording.Speakable;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Speaks the agent's turns: cuts the model's words into clauses, sends them to the voice as they are said, in one context
 * per turn, and hands on what comes back.
 *
 * <p>Clauses are sent no more than about eight seconds of speech ahead of the phone: what is interrupted before it is
 * sent costs nothing. At most {@value #MOST_CLAUSES} clauses wait; a turn that has more is cut there.
 *
 * <p>A voice connection that breaks is replaced at once and what was not yet spoken is asked for again; the second
 * failure within a minute, or a silence beyond the given {@link Patience}, goes to the vendor's other interface, the next is
 * final. Then only phrases of the {@link PhraseCache} can still be said. A voice or a model the vendor refuses is no failure: it
 * is replaced by the product's own ({@link Voices}).
 */
public final class Mouth {
    static final int MOST_CLAUSES = 200;

    private static final long AHEAD_MILLIS = 8000;

    private final CallLoop loop;
    private final LongSupplier waitingMillis;
    private final Patience patience;
    private final MouthListener listener;
    private final Deque<String> clauses = new ArrayDeque<>();
    private final VoiceLine line;
    private final PhraseMaker phrases;
    private final OwedSpeech owed;
    private final Halting halting;
    private final ContextEnd contextEnd;
    private @Nullable Speaking speaking;
    private int contexts;

    /** @param waitingMillis audio that waits to be sent to the phone */
    public Mouth(
            CallLoop loop,
            TextToSpeech textToSpeech,
            Voices voices,
            TtsOptions voice,
            PhraseCache cache,
            LongSupplier waitingMillis,
            Patience patience,
            MouthListener listener) {
        this.patience = patience;
        this.phrases = new PhraseMaker(cache, voices.effective(voice));
        this.owed = new OwedSpeech(loop);
        this.halting = new Halting(loop);
        this.contextEnd = new ContextEnd(loop);
        this.loop = loop;
        this.line = new VoiceLine(loop, textToSpeech, voices, voice, new Voice());
        this.waitingMillis = waitingMillis;
        this.listener = listener;
    }

    /** Connects; text may be given before that is done. */
    public void open() {
        line.open();
        phrases.speaksAs(line.voice());
    }

    /** Speaks with another voice from now on, over a connection of its own; nothing is being said now. */
    public void become(TtsOptions next) {
        cancel();
        if (!next.equals(line.wanted())) {
            phrases.become(next);
            line.become(next);
            phrases.speaksAs(line.voice());
        }
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
            List<String> whole = now.splitter.push(text);
            if (!whole.isEmpty()) {
                halting.stop();
            }
            enqueue(now, whole);
            speakSoon(now);
        }
    }

    /** Of a model that halts within a clause what it has said so far is said, once nothing else is heard. */
    private void speakSoon(Speaking now) {
        if (now.splitter.pending().isBlank()) {
            halting.stop();
            return;
        }
        halting.watch(() -> {
            if (!clauses.isEmpty() || owed.isOwed() || waitingMillis.getAsLong() > 0) {
                speakSoon(now);
            } else if (speaking == now && !now.textOver) {
                enqueue(now, now.splitter.finish());
            }
        });
    }

    /** Says a fixed phrase in this turn, after the words so far; at once if it has been said before. */
    public void phrase(int turn, String text) {
        Speaking now = speaking;
        if (now == null || now.turn != turn || now.textOver) {
            return;
        }
        enqueue(now, now.splitter.finish());
        if (!now.owed().isBlank() || !clauses.isEmpty() || !putIn(turn, text)) {
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

    /** What of the present turn's words has not become speech, as it was to be said. */
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
        TtsSession session = line.session();
        if (speaking == null && session != null) {
            phrases.nextInTime(loop, session, this::makePhrases);
        }
    }

    /** The turn's words are complete. */
    public void finish(int turn) {
        Speaking now = speaking;
        if (now != null && now.turn == turn && !now.textOver) {
            now.textOver = true;
            enqueue(now, now.splitter.finish());
        }
    }

    /** Says no more of this turn; nothing of it is reported afterwards. */
    public void cancel() {
        Speaking now = speaking;
        speaking = null;
        clauses.clear();
        stopWaiting();
        TtsSession session = line.session();
        if (now != null && now.contextOpen && session != null) {
            session.cancelContext(now.context);
        }
        makePhrases();
    }

    /** Audio has gone out: there may be room for another clause. */
    public void roomMade() {
        if (speaking != null) {
            send(speaking);
        }
    }

    /** Characters the voice was asked for, by the vendor's model: what is billed. */
    public Map<String, Long> charactersBilled() {
        return line.charactersBilled();
    }

    public void close() {
        phrases.dropped();
        line.close();
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
        TtsSession session = line.session();
        if (clauses.isEmpty() && now.textOver && now.sent.isEmpty()) {
            if (session != null) {
                session.cancelContext(now.context);
            }
            spoken(now);
            return;
        }
        if (session == null) {
            return;
        }
        while (!clauses.isEmpty() && isRoom(now)) {
            String clause = clauses.remove() + " ";
            now.sent.append(clause);
            session.text(now.context, clause);
            session.flush(now.context);
            expectSpeech(now);
        }
        if (clauses.isEmpty() && now.textOver && !now.contextClosed) {
            now.contextClosed = true;
            session.closeContext(now.context);
            waitForFinal(now);
        }
    }

    private void expectSpeech(Speaking now) {
        long wait = patience.millis(line.hasSpoken(), line.isFallback());
        owed.owe(waitingMillis.getAsLong(), wait, () -> listener.onVoiceLate(now.turn), () -> silent(now));
    }

    private boolean isRoom(Speaking now) {
        return waitingMillis.getAsLong() + now.owedMillis() < AHEAD_MILLIS;
    }

    private void openContext(Speaking now) {
        now.context = "t" + now.turn + "-" + contexts++;
        now.contextClosed = false;
        TtsSession session = line.session();
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
        halting.stop();
        owed.settle();
    }

    private void silent(Speaking now) {
        if (speaking == now) {
            broken(VendorFault.of("elevenlabs", VendorFault.Kind.TIMEOUT, "no audio in time"));
        }
    }

    private void broken(VendorFault fault) {
        phrases.dropped();
        if (line.refused(fault)) {
            listener.onRefused(fault);
        } else if (line.broken(fault)) {
            listener.onReplaced(fault);
        } else {
            listener.onMute(fault);
            return;
        }
        open();
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
        if (alignment != null && now.owesWords()) {
            expectSpeech(now);
        }
        listener.onSpeech(now.turn, audio, guess);
    }

    /** What comes from the voice. */
    private final class Voice implements VoiceLine.Listener {
        @Override
        public void onConnecting(int attempt) {
            listener.onConnecting(attempt);
        }

        @Override
        public void onEvent(TtsEvent event) {
            switch (event) {
                case TtsEvent.Audio audio -> onAudio(audio);
                case TtsEvent.ContextFinal end -> onFinal(end.contextId());
                case TtsEvent.ContextFailed failed -> onFailed(failed);
                case TtsEvent.Closed gone -> broken(gone.fault());
                case TtsEvent.Opened opened -> makePhrases();
            }
        }

        private void onAudio(TtsEvent.Audio audio) {
            Speaking now = speaking;
            if (now != null && now.context.equals(audio.contextId())) {
                piece(now, audio);
            } else if (phrases.isMaking(audio.contextId())) {
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
