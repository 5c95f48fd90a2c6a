package ai.callmeback.simulators.deepgram;

import ai.callmeback.simulators.speech.SpeechCodec;
import ai.callmeback.simulators.speech.SpeechListener;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.OptionalInt;

/**
 * Words, windows and end points of a {@code /v1/listen} stream, heard from the audio. An utterance is all final windows
 * up to the one with {@code speechFinal}.
 */
final class NovaResults implements SpeechListener {
    /** @param written as spoken, with punctuation */
    record Word(String written, long startByte, long endByte) {
        /** Lower case and bare; empty if it is punctuation alone. */
        String bare() {
            int from = 0;
            int to = written.length();
            while (from < to && !Character.isLetterOrDigit(written.codePointAt(from))) {
                from++;
            }
            while (to > from && !Character.isLetterOrDigit(written.codePointBefore(to))) {
                to--;
            }
            return written.substring(from, to).toLowerCase(Locale.ROOT);
        }
    }

    /** Receives what the stream says. */
    interface Listener {
        void results(
                long startByte, long endByte, List<Word> words, boolean isFinal, boolean speechFinal, boolean asked);

        void speechStarted(long atByte);

        void utteranceEnd(long lastWordEndByte);
    }

    private static final int INTERIM_BYTES = 1000 * SpeechCodec.BYTES_PER_MILLI;
    private static final int MAX_WINDOW_BYTES = 5000 * SpeechCodec.BYTES_PER_MILLI;
    /** Quiet for so long ends a word, and lets the next sound count as the start of speech. */
    private static final int WORD_GAP_BYTES = 100 * SpeechCodec.BYTES_PER_MILLI;

    private static final int VOICE_GAP_BYTES = 400 * SpeechCodec.BYTES_PER_MILLI;

    private final ListenOptions options;
    private final Listener listener;
    private final List<Word> words = new ArrayList<>();
    private final StringBuilder word = new StringBuilder();
    private long wordStart;
    private long wordEnd;
    private long windowStart;
    private long position;
    private long lastResult;
    private long silentBytes = VOICE_GAP_BYTES;
    private long lastWordEnd;
    private boolean utteranceOpen;
    private boolean utteranceEndDue;

    NovaResults(ListenOptions options, Listener listener) {
        this.options = options;
        this.listener = listener;
    }

    @Override
    public void speech(long startByte) {
        voice(startByte, SpeechCodec.FRAME_BYTES);
    }

    @Override
    public void noise(long startByte, int bytes) {
        voice(startByte, bytes);
    }

    @Override
    public void utterance(long atByte) {
        endWord();
    }

    @Override
    public void character(int codePoint, long startByte, long endByte, boolean complete) {
        utteranceOpen = true;
        utteranceEndDue = true;
        if (Character.isWhitespace(codePoint)) {
            endWord();
            return;
        }
        if (word.isEmpty()) {
            wordStart = startByte;
        }
        word.appendCodePoint(codePoint);
        wordEnd = endByte;
    }

    @Override
    public void silence(long startByte, int bytes) {
        position = startByte + bytes;
        silentBytes += bytes;
        if (silentBytes >= WORD_GAP_BYTES) {
            endWord();
        }
        OptionalInt endpointing = options.endpointingMillis();
        if (utteranceOpen
                && endpointing.isPresent()
                && silentBytes >= (long) endpointing.getAsInt() * SpeechCodec.BYTES_PER_MILLI) {
            endWord();
            utteranceOpen = false;
            finalWindow(true, false);
        }
        utteranceEnd();
    }

    /** To be called after each piece of audio: interim results, and windows that have become too long. */
    void heardAll() {
        if (position - windowStart >= MAX_WINDOW_BYTES && word.isEmpty()) {
            finalWindow(!utteranceOpen, false);
        } else if (options.interimResults() && position - lastResult >= INTERIM_BYTES) {
            lastResult = position;
            listener.results(windowStart, position, wordsSoFar(), false, false, false);
        }
    }

    /** Everything said so far, at once. */
    void finish(boolean asked) {
        endWord();
        boolean speechFinal = utteranceOpen;
        utteranceOpen = false;
        if (position > windowStart) {
            finalWindow(speechFinal, asked);
        }
    }

    private void voice(long startByte, int bytes) {
        position = startByte + bytes;
        if (silentBytes >= VOICE_GAP_BYTES && options.vadEvents()) {
            listener.speechStarted(startByte);
        }
        silentBytes = 0;
    }

    private void utteranceEnd() {
        OptionalInt gap = options.utteranceEndMillis();
        if (utteranceEndDue
                && gap.isPresent()
                && word.isEmpty()
                && position - lastWordEnd >= (long) gap.getAsInt() * SpeechCodec.BYTES_PER_MILLI) {
            utteranceEndDue = false;
            if (!words.isEmpty()) {
                finalWindow(false, false);
            }
            listener.utteranceEnd(lastWordEnd);
        }
    }

    private void endWord() {
        if (!word.isEmpty()) {
            words.add(new Word(word.toString(), wordStart, wordEnd));
            word.setLength(0);
            lastWordEnd = wordEnd;
        }
    }

    private List<Word> wordsSoFar() {
        if (word.isEmpty()) {
            return words;
        }
        List<Word> all = new ArrayList<>(words);
        all.add(new Word(word.toString(), wordStart, wordEnd));
        return all;
    }

    private void finalWindow(boolean speechFinal, boolean asked) {
        listener.results(windowStart, position, words, true, speechFinal, asked);
        words.clear();
        windowStart = position;
        lastResult = position;
    }
}
