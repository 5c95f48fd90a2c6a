package ai.callmeback.simulators.speech;

import java.util.ArrayList;
import java.util.List;

/** A listener that remembers: the text, when each character was heard, and what was wrong with the stream. */
public final class Hearing implements SpeechListener {
    /** A character and where it was in the stream, in bytes. */
    public record Heard(int codePoint, long startByte, long endByte, boolean complete) {}

    /**
     * What was wrong with a stream.
     *
     * @param lostFrames frames of utterances that never came
     * @param repeatedFrames frames that came again
     * @param reorderedFrames frames that came too late
     * @param underruns pauses that are no part of the utterance they interrupt
     * @param underrunBytes their length together
     * @param noiseBytes audio that was neither quiet nor speech
     */
    public record Faults(
            int lostFrames,
            int repeatedFrames,
            int reorderedFrames,
            int underruns,
            long underrunBytes,
            long noiseBytes) {
        public boolean none() {
            return lostFrames == 0 && repeatedFrames == 0 && reorderedFrames == 0 && underruns == 0;
        }
    }

    private final List<Heard> characters = new ArrayList<>();
    private final StringBuilder text = new StringBuilder();
    private int lostFrames;
    private int repeatedFrames;
    private int reorderedFrames;
    private int underruns;
    private long underrunBytes;
    private long noiseBytes;
    private long silentBytes;
    private long speechBytes;

    @Override
    public void character(int codePoint, long startByte, long endByte, boolean complete) {
        characters.add(new Heard(codePoint, startByte, endByte, complete));
        text.appendCodePoint(codePoint);
    }

    @Override
    public void speech(long startByte) {
        speechBytes += SpeechCodec.FRAME_BYTES;
    }

    @Override
    public void silence(long startByte, int bytes) {
        silentBytes += bytes;
    }

    @Override
    public void noise(long startByte, int bytes) {
        noiseBytes += bytes;
    }

    @Override
    public void lost(int frames, long atByte) {
        lostFrames += frames;
    }

    @Override
    public void repeated(long atByte) {
        repeatedFrames++;
    }

    @Override
    public void reordered(long atByte) {
        reorderedFrames++;
        lostFrames--;
    }

    @Override
    public void resumed(long atByte, long pauseBytes) {
        underruns++;
        underrunBytes += pauseBytes;
    }

    /** All that was heard, utterances simply one after the other. */
    public String text() {
        return text.toString();
    }

    public List<Heard> characters() {
        return List.copyOf(characters);
    }

    public Faults faults() {
        return new Faults(lostFrames, repeatedFrames, reorderedFrames, underruns, underrunBytes, noiseBytes);
    }

    public long silentBytes() {
        return silentBytes;
    }

    public long speechBytes() {
        return speechBytes;
    }
}
