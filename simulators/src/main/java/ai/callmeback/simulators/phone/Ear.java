package ai.callmeback.simulators.phone;

import ai.callmeback.simulators.speech.SpeechCodec;
import ai.callmeback.simulators.speech.SpeechDecoder;
import ai.callmeback.simulators.speech.SpeechListener;

/**
 * What one phone hears of one call, word by word, and everything that was wrong with it. Every slot of the call passes
 * through, so that a position in the decoder's stream is a time since the answer.
 *
 * <p>An <em>underrun</em> is a pause within speech that nobody asked for: the playback buffer ran dry and the same
 * utterance went on afterwards. A pause that follows a {@code clear} is none.
 */
final class Ear implements SpeechListener {
    /** Speech that pauses this long is over; what follows is another utterance. */
    static final long UTTERANCE_GAP_MILLIS = 600;

    /** Shorter silence within an utterance is how words and sentences sound. */
    static final long PAUSE_MILLIS = 160;

    /** Shorter bursts of sound that is no coded speech are clicks. */
    private static final long MIN_UNCODED_MILLIS = 200;

    /** What the ear tells whoever listens; on the simulators' thread, in order. */
    interface Attention {
        void started(long atMillis);

        void word(String word, long atMillis);

        void finished(Utterance utterance);

        /** Silence within an utterance, of at least {@link #PAUSE_MILLIS}. */
        void paused(long startMillis, long endMillis);

        void underrun(long gapMillis, long atMillis);

        void flaw(String kind, int frames, long atMillis);
    }

    private final SpeechDecoder decoder = new SpeechDecoder(this);
    private final Attention attention;
    private final StringBuilder text = new StringBuilder();
    private final StringBuilder word = new StringBuilder();
    private long slots;
    private boolean speaking;
    private long startMillis;
    private long lastVoicedMillis;
    private long uncodedMillis;
    private int words;
    private boolean interrupted;
    private boolean clearedInGap;
    private boolean dryInGap;
    private boolean started;

    /** Set by {@link #voiced} when speech comes back, read by the {@code resumed} that follows in the same frame. */
    private boolean pausedByDryBuffer;

    private int underruns;
    private long underrunMillis;
    private int lostFrames;
    private int repeatedFrames;
    private int reorderedFrames;
    private long speechMillis;

    Ear(Attention attention) {
        this.attention = attention;
    }

    /** One slot: 160 bytes as played, of which {@code audioBytes} came from the playback buffer. */
    void slot(byte[] heard, int audioBytes) {
        if (audioBytes < heard.length) {
            dryInGap = true;
        }
        decoder.accept(heard, 0, heard.length);
        slots++;
        if (speaking && nowMillis() - lastVoicedMillis >= UTTERANCE_GAP_MILLIS) {
            finish();
        }
    }

    /** The buffer was cleared: silence now is wanted, and if something was dropped, what was being said is cut. */
    void cleared(boolean somethingDropped) {
        clearedInGap = true;
        if (somethingDropped && speaking && nowMillis() - lastVoicedMillis < UTTERANCE_GAP_MILLIS) {
            interrupted = true;
        }
    }

    /** The call is over. */
    void end() {
        decoder.end();
        if (speaking) {
            finish();
        }
    }

    long nowMillis() {
        return slots * SpeechCodec.FRAME_MILLIS;
    }

    boolean speaking() {
        return speaking;
    }

    /** Milliseconds of quiet since the last sound; the whole call if there was none. */
    long quietMillis() {
        return started ? nowMillis() - lastVoicedMillis : nowMillis();
    }

    /** Whole words of the utterance that is going on. */
    int wordsSoFar() {
        return speaking ? words : 0;
    }

    /** The utterance that is going on, as far as it was heard. */
    String textSoFar() {
        return speaking ? text.toString().strip() : "";
    }

    /** What was counted over the call. */
    record Counts(
            int underruns,
            long underrunMillis,
            int lostFrames,
            int repeatedFrames,
            int reorderedFrames,
            long speechMillis) {}

    Counts counts() {
        return new Counts(underruns, underrunMillis, lostFrames, repeatedFrames, reorderedFrames, speechMillis);
    }

    @Override
    public void speech(long startByte) {
        speechMillis += SpeechCodec.FRAME_MILLIS;
        voiced(startByte / SpeechCodec.BYTES_PER_MILLI, SpeechCodec.FRAME_MILLIS);
        dryInGap = false;
        clearedInGap = false;
    }

    @Override
    public void noise(long startByte, int bytes) {
        uncodedMillis += bytes / SpeechCodec.BYTES_PER_MILLI;
        if (speaking || uncodedMillis >= MIN_UNCODED_MILLIS) {
            voiced(startByte / SpeechCodec.BYTES_PER_MILLI, bytes / SpeechCodec.BYTES_PER_MILLI);
        }
    }

    @Override
    public void silence(long startByte, int bytes) {
        uncodedMillis = 0;
    }

    @Override
    public void utterance(long atByte) {
        endWord(atByte / SpeechCodec.BYTES_PER_MILLI);
        if (!text.isEmpty() && !Character.isWhitespace(text.charAt(text.length() - 1))) {
            text.append(' ');
        }
    }

    @Override
    public void character(int codePoint, long startByte, long endByte, boolean complete) {
        text.appendCodePoint(codePoint);
        if (Character.isWhitespace(codePoint)) {
            endWord(endByte / SpeechCodec.BYTES_PER_MILLI);
        } else {
            word.appendCodePoint(codePoint);
        }
        interrupted |= !complete;
    }

    @Override
    public void lost(int frames, long atByte) {
        lostFrames += frames;
        attention.flaw("lost", frames, atByte / SpeechCodec.BYTES_PER_MILLI);
    }

    @Override
    public void repeated(long atByte) {
        repeatedFrames++;
        attention.flaw("repeated", 1, atByte / SpeechCodec.BYTES_PER_MILLI);
    }

    @Override
    public void reordered(long atByte) {
        reorderedFrames++;
        lostFrames--;
        attention.flaw("reordered", 1, atByte / SpeechCodec.BYTES_PER_MILLI);
    }

    @Override
    public void resumed(long atByte, long pauseBytes) {
        if (pausedByDryBuffer) {
            underruns++;
            long gapMillis = pauseBytes / SpeechCodec.BYTES_PER_MILLI;
            underrunMillis += gapMillis;
            attention.underrun(gapMillis, atByte / SpeechCodec.BYTES_PER_MILLI);
        }
    }

    private void voiced(long atMillis, long lengthMillis) {
        pausedByDryBuffer = dryInGap && !clearedInGap;
        if (!speaking) {
            speaking = true;
            started = true;
            startMillis = atMillis;
            attention.started(atMillis);
        } else if (atMillis - lastVoicedMillis >= PAUSE_MILLIS) {
            attention.paused(lastVoicedMillis, atMillis);
        }
        lastVoicedMillis = atMillis + lengthMillis;
    }

    private void endWord(long atMillis) {
        if (word.isEmpty()) {
            return;
        }
        words++;
        String whole = word.toString();
        word.setLength(0);
        attention.word(whole, atMillis);
    }

    private void finish() {
        endWord(lastVoicedMillis);
        Utterance utterance =
                new Utterance("persona", text.toString().strip(), startMillis, lastVoicedMillis, interrupted);
        text.setLength(0);
        words = 0;
        speaking = false;
        interrupted = false;
        attention.finished(utterance);
    }
}
