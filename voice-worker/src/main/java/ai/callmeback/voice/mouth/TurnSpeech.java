package ai.callmeback.voice.mouth;

import ai.callmeback.vendors.tts.TtsEvent;
import ai.callmeback.voice.audio.SpokenText;
import ai.callmeback.voice.audio.Telephone;
import java.util.ArrayList;
import java.util.List;

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

    public SpokenText text() {
        return text;
    }

    public List<Segment> segments() {
        return segments;
    }
}
