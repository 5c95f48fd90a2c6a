package ai.callmeback.simulators.elevenlabs;

import ai.callmeback.simulators.speech.MuLaw;
import ai.callmeback.simulators.speech.Speech;
import ai.callmeback.simulators.speech.SpeechCodec;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.random.RandomGenerator;

/**
 * Text generated in one go: spoken, followed by a breath where a sentence ends, cut into uneven chunks.
 *
 * @param chunks in order; together they are the audio
 */
record Segment(Speech speech, List<Chunk> chunks) {
    /**
     * A piece of the audio, with the characters that begin in it.
     *
     * @param startMillis where the piece begins within the segment
     */
    record Chunk(int fromByte, int toByte, int firstCharacter, int endCharacter, int startMillis) {}

    /** The pause after a sentence; whole frames, so that what follows is framed as what was before. */
    private static final int BREATH_FRAMES = 5;

    private static final int MIN_CHUNKS = 3;
    private static final int MAX_CHUNKS = 10;
    /** About what a chunk holds when there are neither too few nor too many of them. */
    private static final int USUAL_CHUNK_BYTES = 4000;

    static Segment of(String text, RandomGenerator random) {
        Speech speech = SpeechCodec.encode(text);
        int total = speech.audio().length + breathBytes(text);
        int pieces = Math.clamp(total / USUAL_CHUNK_BYTES, MIN_CHUNKS, MAX_CHUNKS);
        List<Chunk> chunks = new ArrayList<>(pieces);
        int from = 0;
        int character = 0;
        for (int piece = 1; piece <= pieces && from < total; piece++) {
            int even = (int) ((long) total * piece / pieces);
            int to = piece == pieces ? total : even - random.nextInt(total / pieces / 2 + 1);
            int end = character;
            while (end < speech.codePoints().length && speech.startMillis()[end] * SpeechCodec.BYTES_PER_MILLI < to) {
                end++;
            }
            chunks.add(new Chunk(from, to, character, end, from / SpeechCodec.BYTES_PER_MILLI));
            from = to;
            character = end;
        }
        return new Segment(speech, chunks);
    }

    /** The bytes of one chunk. */
    byte[] audio(Chunk chunk) {
        byte[] spoken = speech.audio();
        byte[] audio = Arrays.copyOfRange(
                spoken, Math.min(chunk.fromByte, spoken.length), Math.min(chunk.toByte, spoken.length));
        int length = chunk.toByte - chunk.fromByte;
        if (audio.length == length) {
            return audio;
        }
        byte[] padded = Arrays.copyOf(audio, length);
        Arrays.fill(padded, audio.length, length, MuLaw.SILENCE);
        return padded;
    }

    int lengthMillis() {
        return chunks.getLast().toByte / SpeechCodec.BYTES_PER_MILLI;
    }

    private static int breathBytes(String text) {
        String stripped = text.stripTrailing();
        boolean sentence = stripped.endsWith(".") || stripped.endsWith("!") || stripped.endsWith("?");
        return sentence ? BREATH_FRAMES * SpeechCodec.FRAME_BYTES : 0;
    }
}
