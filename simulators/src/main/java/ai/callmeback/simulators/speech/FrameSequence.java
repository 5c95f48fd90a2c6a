package ai.callmeback.simulators.speech;

import static ai.callmeback.simulators.speech.SpeechCodec.FRAME_BYTES;

/** Puts frames in their place within an utterance: says what is missing, again or late, and spells the characters. */
final class FrameSequence {
    /** Fewer steps ahead are a loss, more are a frame from the past (the counter wraps at 127). */
    private static final int HALF_COUNTER = 64;

    private static final int UNKNOWN = -1;

    private final SpeechListener listener;
    private final Spelling spelling;
    private final boolean[] seen = new boolean[128];
    private int expected = UNKNOWN;
    private int lastCounter = UNKNOWN;
    /** Number of the expected frame since the start of the utterance. */
    private long index;

    private long pauseBytes;
    private boolean inNoise;

    FrameSequence(SpeechListener listener) {
        this.listener = listener;
        this.spelling = new Spelling(listener);
    }

    boolean inNoise() {
        return inNoise;
    }

    void frame(int frame, long position) {
        inNoise = false;
        listener.speech(position);
        int counter = Tones.counter(frame);
        if (counter == 0) {
            begin(frame, position);
        } else if (expected == UNKNOWN) {
            listener.lost(counter, position);
            index = counter;
            inPlace(frame, position);
        } else {
            next(frame, position);
        }
        lastCounter = counter;
        pauseBytes = 0;
    }

    void silence(long position, int bytes) {
        inNoise = false;
        pauseBytes += bytes;
        spelling.cut();
        listener.silence(position, bytes);
    }

    void noise(long position, int bytes) {
        inNoise = true;
        pauseBytes += bytes;
        listener.noise(position, bytes);
    }

    void cut() {
        spelling.cut();
    }

    private void begin(int frame, long position) {
        // The shortest utterance has three frames: a first frame right after a first frame is the same one again.
        if (lastCounter == 0 && pauseBytes == 0) {
            listener.repeated(position);
            return;
        }
        spelling.cut();
        spelling.reset();
        listener.utterance(position);
        index = 0;
        inPlace(frame, position);
    }

    private void next(int frame, long position) {
        int counter = Tones.counter(frame);
        int ahead = Tones.steps(expected, counter);
        if (ahead >= HALF_COUNTER) {
            if (seen[counter]) {
                listener.repeated(position);
            } else {
                seen[counter] = true;
                listener.reordered(position);
            }
            return;
        }
        if (ahead > 0) {
            listener.lost(ahead, position);
            for (int missing = expected; missing != counter; missing = Tones.after(missing)) {
                seen[missing] = false;
            }
            index += ahead;
        } else if (pauseBytes > 0) {
            listener.resumed(position, pauseBytes);
        }
        inPlace(frame, position);
    }

    private void inPlace(int frame, long position) {
        int counter = Tones.counter(frame);
        seen[counter] = true;
        spelling.frame(
                Tones.value(frame), index - Tones.phase(frame), Tones.phase(frame), position, position + FRAME_BYTES);
        expected = Tones.after(counter);
        index++;
    }
}
