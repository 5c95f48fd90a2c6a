package ai.callmeback.voice.mouth;

import ai.callmeback.vendors.tts.TtsEvent;
import ai.callmeback.voice.audio.SpokenText;
import ai.callmeback.voice.audio.Telephone;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The speech of one turn of the agent as it came from the voice: its words against its audio, and the pieces they came
 * in. Audio of several contexts of one turn (after a broken connection) follows one another.
 */
public final class TurnSpeech {
    /** A piece of speech as it is journalled; times of its characters count from its own start. */
    public record Segment(int number, String text, List<Integer> charEndMillis, long startMillis, long endMillis) {

        /** When its audio and its last character are over, on the turn's clock. */
        public long lastSoundMillis() {
            return charEndMillis.isEmpty() ? endMillis : Math.max(endMillis, startMillis + charEndMillis.getLast());
        }
    }

    private final SpokenText text = new SpokenText();
    private final List<Segment> segments = new ArrayList<>();
    private long bytes;

    /**
     * Takes the next piece.
     *
     * @param guess the words it is likely to hold if the vendor did not say; spread evenly over it
     */
    public Segment add(TtsEvent.Audio piece, String guess) {
        long start = Telephone.millis(bytes);
        bytes += piece.mulaw().readableBytes();
        long end = Telephone.millis(bytes);
        TtsEvent.Alignment alignment = piece.alignment();
        String said = alignment == null ? guess : alignment.text();
        int[] absolute = new int[said.length()];
        List<Integer> ends = new ArrayList<>(said.length());
        for (int i = 0; i < absolute.length; i++) {
            int charEnd = alignment == null
                    ? (int) ((end - start) * (i + 1) / absolute.length)
                    : alignment.startMillis()[i] + alignment.durationMillis()[i];
            ends.add(charEnd);
            absolute[i] = (int) start + charEnd;
        }
        text.add(said, absolute);
        Segment segment = new Segment(segments.size(), said, ends, start, end);
        segments.add(segment);
        return segment;
    }

    /** Words whose time the vendor never told: over with the audio. */
    public void addRest(String words) {
        long end = Telephone.millis(bytes);
        text.spread(words, end, end);
    }

    /** Positions, in bytes of the turn's audio, at which a clause of this segment ends. */
    public List<Long> clauseEnds(Segment segment) {
        List<Long> ends = new ArrayList<>(2);
        String said = segment.text();
        for (int i = 0; i < said.length(); i++) {
            boolean last = i + 1 == said.length() || Character.isWhitespace(said.charAt(i + 1));
            if (last && ".,;:!?\u2026".indexOf(said.charAt(i)) >= 0) {
                ends.add(Telephone.bytes(
                        segment.startMillis() + segment.charEndMillis().get(i)));
            }
        }
        return ends;
    }

    /** When the first word began that had not been heard to its end by then; the same moment if none has. */
    public long wordBegunMillis(long heardMillis) {
        int from = beginOfUnheard(heardMillis);
        return Math.min(heardMillis, text.endOf(from));
    }

    private int beginOfUnheard(long heardMillis) {
        String all = text.all();
        int from = text.lengthHeardBy(heardMillis);
        while (from < all.length() && Character.isWhitespace(all.charAt(from))) {
            from++;
        }
        return from;
    }

    /**
     * What has been spoken and was not heard, to be played elsewhere; it ends with a word, and what is left of its text goes
     * before {@code rest}.
     *
     * @param heardMillis how far playback has come
     * @param mulaw the turn's audio from where it is to go on, to its end
     * @param rest words that have not been spoken
     */
    public Unheard unheard(long heardMillis, byte[] mulaw, String rest) {
        String all = text.all();
        int from = beginOfUnheard(heardMillis);
        int to = rest.isBlank() || Character.isWhitespace(rest.charAt(0)) ? all.length() : all.lastIndexOf(' ') + 1;
        if (to <= from || mulaw.length == 0) {
            return new Unheard(null, all.substring(from) + rest);
        }
        long begin = Telephone.millis(bytes - mulaw.length);
        int[] starts = new int[to - from];
        int[] durations = new int[to - from];
        for (int i = from; i < to; i++) {
            int start = (int) Math.max(0, (i == 0 ? 0 : text.endOf(i)) - begin);
            starts[i - from] = start;
            durations[i - from] = (int) Math.max(0, text.endOf(i + 1) - begin - start);
        }
        long end = to == all.length() ? mulaw.length : Telephone.bytes(text.endOf(to) - begin);
        return new Unheard(
                new LonePhrase.Speech(
                        Arrays.copyOf(mulaw, Math.clamp(end, 0, mulaw.length)),
                        new TtsEvent.Alignment(all.substring(from, to), starts, durations)),
                all.substring(to) + rest);
    }

    /** Speech that was not heard, null if there is none, and the words behind it. */
    public record Unheard(LonePhrase.@Nullable Speech speech, String rest) {}

    public SpokenText text() {
        return text;
    }

    public List<Segment> segments() {
        return segments;
    }
}
