package ai.callmeback.simulators.speech;

/** From the bytes that frames stand for to characters. A byte counts once, however its frames were spread. */
final class Spelling {
    private static final int REPLACEMENT = 0xFFFD;
    private static final long NONE = Long.MIN_VALUE;

    private final SpeechListener listener;

    /** Where the byte being heard, and the last one that is over, began (in frames of the utterance). */
    private long byteStart = NONE;

    private long overStart = NONE;
    private long overEnd = NONE;
    private int value;
    private int framesHeard;
    private long startByte;
    private long endByte;

    /** A character of several bytes that is under way. */
    private int partial;

    private int missing;
    private long partialStartByte;
    private long partialEndByte;
    private boolean partialComplete;

    Spelling(SpeechListener listener) {
        this.listener = listener;
    }

    void frame(int heard, long start, int phase, long fromByte, long toByte) {
        if (start == overStart) {
            return;
        }
        if (start != byteStart) {
            byteOver();
            byteStart = start;
            value = heard;
            framesHeard = 0;
            startByte = fromByte;
        }
        framesHeard++;
        endByte = toByte;
        if (phase == Tones.framesOfByte(value) - 1) {
            byteOver();
        }
    }

    /** Nothing follows at once: what was heard of a character so far is all of it. */
    void cut() {
        byteOver();
        characterOver();
    }

    void reset() {
        overStart = NONE;
        overEnd = NONE;
    }

    private void byteOver() {
        if (byteStart == NONE) {
            return;
        }
        boolean joined = byteStart == overEnd;
        overStart = byteStart;
        overEnd = byteStart + Tones.framesOfByte(value);
        byteStart = NONE;
        boolean complete = framesHeard == Tones.framesOfByte(value);
        if (value < 0x80) {
            characterOver();
            listener.character(value, startByte, endByte, complete);
        } else if (value >= 0xC0) {
            characterOver();
            missing = value < 0xE0 ? 1 : value < 0xF0 ? 2 : 3;
            partial = value & (0x3F >> missing);
            partialStartByte = startByte;
            partialEndByte = endByte;
            partialComplete = complete;
        } else {
            trailing(complete, joined);
        }
    }

    private void trailing(boolean complete, boolean joined) {
        if (missing == 0) {
            return;
        }
        if (!joined) {
            characterOver();
            return;
        }
        partial = (partial << 6) | (value & 0x3F);
        partialEndByte = endByte;
        partialComplete &= complete;
        if (--missing == 0) {
            listener.character(partial, partialStartByte, partialEndByte, partialComplete);
        }
    }

    private void characterOver() {
        if (missing > 0) {
            missing = 0;
            listener.character(REPLACEMENT, partialStartByte, partialEndByte, false);
        }
    }
}
