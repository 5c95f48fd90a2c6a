package ai.callmeback.simulators.deepgram;

import ai.callmeback.simulators.speech.SpeechCodec;
import ai.callmeback.simulators.speech.SpeechListener;
import ai.callmeback.simulators.tuning.TuningSwitch;

/**
 * Where one turn ends and the next begins, heard from the audio: Initial → StartOfTurn → ongoing → EagerEndOfTurn →
 * awaiting the end → TurnResumed or EndOfTurn.
 *
 * <p>Confidence that a turn is over grows with silence as {@code 1 − e^(−silence/patience)}; the patience is short after
 * a sentence that sounds finished and long after a comma or a filler.
 */
final class FluxTurns implements SpeechListener {
    enum Event {
        StartOfTurn,
        Update,
        EagerEndOfTurn,
        TurnResumed,
        EndOfTurn
    }

    /** Receives the events with the state of the turn at that moment. */
    interface Listener {
        void turn(Event event, int turnIndex, long startByte, long endByte, String transcript, double confidence);
    }

    /** How well the model hears what a pause means; asked once for each pause. */
    interface Uncertainty {
        /** Hears everything as it was said. */
        Uncertainty NONE = () -> new Pause(1, Ending.AS_SAID);

        Pause pause();
    }

    /** @param patienceFactor how much longer than usual it waits */
    record Pause(double patienceFactor, Ending ending) {}

    /** What the model makes of the punctuation before a pause. */
    enum Ending {
        AS_SAID,
        /** A full stop is not heard. */
        NO_STOP,
        /** One is heard that was not said. */
        STOP
    }

    private enum State {
        INITIAL,
        ONGOING,
        AWAITING_END
    }

    private static final int UPDATE_BYTES = 250 * SpeechCodec.BYTES_PER_MILLI;
    /** So much of a word must be heard for it to be a word. */
    private static final int START_CHARACTERS = 2;

    private static final double FINISHED_PATIENCE_MILLIS = 250;
    private static final double OPEN_PATIENCE_MILLIS = 800;
    private static final double HESITANT_PATIENCE_MILLIS = 1600;
    private static final double NEVER = Double.MAX_VALUE;

    private final Listener listener;
    private final TuningSwitch tuning;
    private final Uncertainty uncertainty;
    private Pause pause = Uncertainty.NONE.pause();
    private ListenOptions options;

    private State state = State.INITIAL;
    private final StringBuilder transcript = new StringBuilder();
    private int letters;
    private int turnIndex;
    private long windowStart;
    private long position;
    private long nextUpdate;
    private long silentBytes;
    private boolean newUtterance;

    FluxTurns(ListenOptions options, TuningSwitch tuning, Listener listener) {
        this(options, tuning, Uncertainty.NONE, listener);
    }

    FluxTurns(ListenOptions options, TuningSwitch tuning, Uncertainty uncertainty, Listener listener) {
        this.uncertainty = uncertainty;
        this.options = options;
        this.tuning = tuning;
        this.listener = listener;
    }

    void configure(ListenOptions changed) {
        options = changed;
    }

    @Override
    public void utterance(long atByte) {
        newUtterance = true;
    }

    @Override
    public void speech(long startByte) {
        position = startByte + SpeechCodec.FRAME_BYTES;
        silentBytes = 0;
    }

    @Override
    public void character(int codePoint, long startByte, long endByte, boolean complete) {
        if (newUtterance && !transcript.isEmpty() && !endsWithSpace()) {
            transcript.append(' ');
        }
        newUtterance = false;
        transcript.appendCodePoint(codePoint);
        letters += Character.isLetterOrDigit(codePoint) ? 1 : 0;
        if (state == State.INITIAL && letters >= START_CHARACTERS) {
            start();
        } else if (state == State.AWAITING_END) {
            state = State.ONGOING;
            emit(Event.TurnResumed, 0.1);
        }
    }

    @Override
    public void silence(long startByte, int bytes) {
        position = startByte + bytes;
        pause = silentBytes == 0 ? uncertainty.pause() : pause;
        silentBytes += bytes;
        if (state == State.INITIAL && letters > 0) {
            start();
        }
        if (state != State.INITIAL) {
            weigh();
        } else {
            windowStart = position;
            transcript.setLength(0);
        }
    }

    @Override
    public void noise(long startByte, int bytes) {
        position = startByte + bytes;
        silentBytes = 0;
    }

    /** To be called after each piece of audio: sends the regular updates. */
    void heardAll() {
        if (state != State.INITIAL && position >= nextUpdate) {
            nextUpdate = position + UPDATE_BYTES;
            emit(Event.Update, confidence());
        }
    }

    /** Ends the turn now if there is one. */
    void forceEnd() {
        if (state != State.INITIAL) {
            end(1.0);
        }
    }

    /** The last words, when the client has no more audio: no end of turn is reported for them. */
    void close() {
        if (state != State.INITIAL) {
            emit(Event.Update, confidence());
        }
    }

    private void start() {
        state = State.ONGOING;
        nextUpdate = position + UPDATE_BYTES;
        emit(Event.StartOfTurn, 0.05);
    }

    private void weigh() {
        double silentMillis = (double) silentBytes / SpeechCodec.BYTES_PER_MILLI;
        if (state == State.ONGOING && options.eagerEotThreshold() > 0 && silentMillis >= eagerMillis()) {
            state = State.AWAITING_END;
            emit(Event.EagerEndOfTurn, confidence());
        }
        if (silentMillis >= Math.min(options.eotTimeoutMillis(), endMillis())) {
            end(confidence());
        }
    }

    private void end(double confidence) {
        emit(Event.EndOfTurn, confidence);
        turnIndex++;
        state = State.INITIAL;
        transcript.setLength(0);
        letters = 0;
        windowStart = position;
    }

    private double eagerMillis() {
        int fixed = tuning.now().sttEndOfTurnSilenceMillis();
        return fixed > 0 ? fixed / 2.0 : patienceMillis() * -Math.log(1 - options.eagerEotThreshold());
    }

    private double endMillis() {
        int fixed = tuning.now().sttEndOfTurnSilenceMillis();
        if (options.eotThreshold() >= 1) {
            return NEVER;
        }
        return fixed > 0 ? fixed : patienceMillis() * -Math.log(1 - options.eotThreshold());
    }

    private double confidence() {
        double silentMillis = (double) silentBytes / SpeechCodec.BYTES_PER_MILLI;
        return Math.clamp(1 - Math.exp(-silentMillis / patienceMillis()), 0.01, 0.99);
    }

    private double patienceMillis() {
        return usualPatienceMillis(heard()) * pause.patienceFactor();
    }

    /** The turn as the model hears it: in a pause its last punctuation may be another than the one said. */
    private String heard() {
        String said = transcript.toString().strip();
        if (silentBytes == 0 || said.isEmpty()) {
            return said;
        }
        char last = said.charAt(said.length() - 1);
        return switch (pause.ending()) {
            case AS_SAID -> said;
            case NO_STOP -> last == '.' || last == '!' || last == '?' ? said.substring(0, said.length() - 1) : said;
            case STOP -> Character.isLetterOrDigit(last) ? said + "." : said;
        };
    }

    private static double usualPatienceMillis(String transcript) {
        int last = transcript.length() - 1;
        while (last >= 0 && Character.isWhitespace(transcript.charAt(last))) {
            last--;
        }
        if (last < 0) {
            return OPEN_PATIENCE_MILLIS;
        }
        return switch (transcript.charAt(last)) {
            case '.', '?', '!' ->
                endsWithEllipsis(transcript, last) ? HESITANT_PATIENCE_MILLIS : FINISHED_PATIENCE_MILLIS;
            case ',', ';', ':', '-', '…', '–', '—' -> HESITANT_PATIENCE_MILLIS;
            default -> OPEN_PATIENCE_MILLIS;
        };
    }

    private static boolean endsWithEllipsis(String transcript, int last) {
        return last > 0 && transcript.charAt(last) == '.' && transcript.charAt(last - 1) == '.';
    }

    private boolean endsWithSpace() {
        return Character.isWhitespace(transcript.charAt(transcript.length() - 1));
    }

    private void emit(Event event, double confidence) {
        listener.turn(event, turnIndex, windowStart, position, heard(), confidence);
    }
}
