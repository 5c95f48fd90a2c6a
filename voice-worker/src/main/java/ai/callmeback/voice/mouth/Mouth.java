package ai.callmeback.voice.mouth;

import ai.callmeback.vendors.VendorFault;
import ai.callmeback.vendors.tts.TextToSpeech;
import ai.callmeback.vendors.tts.TtsEvent;
import ai.callmeback.vendors.tts.TtsListener;
import ai.callmeback.vendors.tts.TtsOptions;
import ai.callmeback.vendors.tts.TtsSession;
import ai.callmeback.voice.audio.Telephone;
import ai.callmeback.voice.loop.CallLoop;
import ai.callmeback.voice.loop.CallLoop.Timer;
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
 * failure within a minute goes to the vendor's other interface, the third is final.
 */
public final class Mouth {
    static final int MOST_CLAUSES = 200;

    private static final long AHEAD_MILLIS = 8000;
    private static final long MILLIS_PER_CHARACTER = 65;
    private static final long FINAL_DEADLINE_MILLIS = 5000;
    private static final long FORGET_FAILURES_NANOS = 60_000_000_000L;

    private final CallLoop loop;
    private final TextToSpeech textToSpeech;
    private final TtsOptions voice;
    private final LongSupplier waitingMillis;
    private final Listener listener;
    private final Deque<String> clauses = new ArrayDeque<>();
    private @Nullable TtsSession session;
    private @Nullable Speaking speaking;
    private @Nullable Timer deadline;
    private int contexts;
    private int failures;
    private long lastFailureNanos;
    private long characters;
    private boolean closed;

    /** @param waitingMillis audio that waits to be sent to the phone */
    public Mouth(
            CallLoop loop, TextToSpeech textToSpeech, TtsOptions voice, LongSupplier waitingMillis, Listener listener) {
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

        void onReplaced(VendorFault fault);

        /** Nothing is left to try. */
        void onMute(VendorFault fault);
    }

    /** One turn on its way to the voice. */
    private static final class Speaking {
        final int turn;
        final SentenceSplitter splitter = new SentenceSplitter();
        /** Everything sent to the voice, with the space after each clause, so that failed text can be told from spoken. */
        final StringBuilder sent = new StringBuilder();

        String context = "";
        boolean contextOpen;
        boolean textOver;
        boolean contextClosed;
        int charactersBack;

        Speaking(int turn) {
            this.turn = turn;
        }
    }

    /** Connects; text may be given before that is done. */
    public void open() {
        listener.onConnecting(failures);
        session = textToSpeech.open(voice, loop.eventLoop(), new Generation());
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

    /** Says a fixed phrase in this turn, before any words still to come. */
    public void phrase(int turn, String text) {
        words(turn, text + "\n");
        Speaking now = speaking;
        if (now != null && now.turn == turn) {
            enqueue(now, now.splitter.finish());
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
        cancel();
        retire();
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
        TtsSession voiceSession = session;
        if (voiceSession == null) {
            return;
        }
        while (!clauses.isEmpty() && isRoom(now)) {
            String clause = clauses.remove() + " ";
            now.sent.append(clause);
            voiceSession.text(now.context, clause);
            voiceSession.flush(now.context);
        }
        if (clauses.isEmpty() && now.textOver && !now.contextClosed) {
            now.contextClosed = true;
            voiceSession.closeContext(now.context);
            waitForFinal(now);
        }
    }

    private boolean isRoom(Speaking now) {
        long inFlight = Math.max(0, now.sent.length() - now.charactersBack) * MILLIS_PER_CHARACTER;
        return waitingMillis.getAsLong() + inFlight < AHEAD_MILLIS;
    }

    private void openContext(Speaking now) {
        now.context = "t" + now.turn + "-" + contexts++;
        now.contextClosed = false;
        if (session != null) {
            now.contextOpen = true;
            session.startContext(now.context);
        }
    }

    /** The end of a context may get lost; the turn must end all the same. */
    private void waitForFinal(Speaking now) {
        stopWaiting();
        deadline = loop.after(FINAL_DEADLINE_MILLIS, () -> {
            if (speaking == now) {
                spoken(now);
            }
        });
    }

    private void spoken(Speaking now) {
        speaking = null;
        stopWaiting();
        listener.onSpoken(now.turn, now.sent.substring(Math.min(now.charactersBack, now.sent.length())));
    }

    private void stopWaiting() {
        if (deadline != null) {
            deadline.cancel();
            deadline = null;
        }
    }

    private void retire() {
        TtsSession old = session;
        session = null;
        if (old != null) {
            old.close();
            characters += old.charactersBilled();
        }
    }

    private void broken(VendorFault fault) {
        retire();
        long now = loop.nanos();
        failures = now - lastFailureNanos > FORGET_FAILURES_NANOS ? 1 : failures + 1;
        lastFailureNanos = now;
        if (failures > 2) {
            listener.onMute(fault);
            return;
        }
        listener.onReplaced(fault);
        listener.onConnecting(failures);
        session = failures == 1
                ? textToSpeech.open(voice, loop.eventLoop(), new Generation())
                : textToSpeech.openFallback(voice, loop.eventLoop(), new Generation());
        if (speaking != null) {
            sayRestAgain(speaking);
        }
    }

    /** In a new context: everything that was sent and did not come back as speech. */
    private void sayRestAgain(Speaking now) {
        String rest = now.sent
                .substring(Math.min(now.charactersBack, now.sent.length()))
                .strip();
        now.sent.setLength(0);
        now.charactersBack = 0;
        stopWaiting();
        openContext(now);
        if (!rest.isEmpty()) {
            clauses.addFirst(rest);
        }
        send(now);
    }

    private void piece(Speaking now, TtsEvent.Audio audio) {
        if (now.contextClosed) {
            waitForFinal(now);
        }
        String guess = audio.alignment() == null ? guess(now, audio.mulaw().readableBytes()) : "";
        now.charactersBack += audio.alignment() == null
                ? guess.length()
                : audio.alignment().text().length();
        listener.onSpeech(now.turn, audio, guess);
    }

    private static String guess(Speaking now, int audioBytes) {
        int from = Math.min(now.charactersBack, now.sent.length());
        int length = (int) Math.round((double) Telephone.millis(audioBytes) / MILLIS_PER_CHARACTER);
        return now.sent.substring(from, Math.min(now.sent.length(), from + length));
    }

    /** Events of one connection; those of a connection already given up are nobody's. */
    private final class Generation implements TtsListener {
        private boolean over;

        @Override
        public void onEvent(TtsEvent event) {
            Speaking now = speaking;
            switch (event) {
                case TtsEvent.Audio audio -> {
                    if (!over && now != null && now.context.equals(audio.contextId())) {
                        piece(now, audio);
                    } else {
                        audio.mulaw().release();
                    }
                }
                case TtsEvent.ContextFinal end -> {
                    if (!over && now != null && now.context.equals(end.contextId())) {
                        spoken(now);
                    }
                }
                case TtsEvent.ContextFailed failed -> {
                    if (!over && now != null && now.context.equals(failed.contextId())) {
                        over = true;
                        broken(failed.fault());
                    }
                }
                case TtsEvent.Closed gone -> {
                    if (!over && !closed) {
                        over = true;
                        broken(gone.fault());
                    }
                }
                case TtsEvent.Opened opened -> {}
            }
        }
    }
}
