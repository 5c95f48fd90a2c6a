package ai.callmeback.simulators.speech;

/**
 * Says text as tones. One encoder is one utterance, however many pieces it comes in: its frames are counted through, so
 * that a listener can tell a pause in it from a loss. Not for use by several threads at once.
 */
public final class SpeechEncoder {
    private int counter;

    /**
     * The next piece of the utterance. Control characters are said as spaces, halves of surrogate pairs as U+FFFD;
     * everything else can be said and comes back as it was.
     */
    public Speech encode(String text) {
        int[] codePoints = text.codePoints().map(SpeechEncoder::sayable).toArray();
        int[] startMillis = new int[codePoints.length];
        int[] durationMillis = new int[codePoints.length];
        int frames = 0;
        for (int i = 0; i < codePoints.length; i++) {
            int length = SpeechCodec.framesOf(codePoints[i]);
            startMillis[i] = frames * SpeechCodec.FRAME_MILLIS;
            durationMillis[i] = length * SpeechCodec.FRAME_MILLIS;
            frames += length;
        }
        byte[] audio = new byte[frames * SpeechCodec.FRAME_BYTES];
        int offset = 0;
        for (int codePoint : codePoints) {
            offset = say(codePoint, audio, offset);
        }
        return new Speech(audio, codePoints, startMillis, durationMillis);
    }

    static int sayable(int codePoint) {
        if (codePoint < 0x20 || codePoint == 0x7F) {
            return ' ';
        }
        return codePoint >= Character.MIN_SURROGATE && codePoint <= Character.MAX_SURROGATE ? 0xFFFD : codePoint;
    }

    private int say(int codePoint, byte[] audio, int offset) {
        if (codePoint < 0x80) {
            return sayByte(codePoint, audio, offset);
        }
        int at = offset;
        if (codePoint < 0x800) {
            at = sayByte(0xC0 | (codePoint >> 6), audio, at);
        } else if (codePoint < 0x10000) {
            at = sayByte(0xE0 | (codePoint >> 12), audio, at);
            at = sayByte(0x80 | ((codePoint >> 6) & 0x3F), audio, at);
        } else {
            at = sayByte(0xF0 | (codePoint >> 18), audio, at);
            at = sayByte(0x80 | ((codePoint >> 12) & 0x3F), audio, at);
            at = sayByte(0x80 | ((codePoint >> 6) & 0x3F), audio, at);
        }
        return sayByte(0x80 | (codePoint & 0x3F), audio, at);
    }

    private int sayByte(int value, byte[] audio, int offset) {
        int frames = Tones.framesOfByte(value);
        int at = offset;
        for (int phase = 0; phase < frames; phase++) {
            Tones.compose(Tones.frame(value, counter, phase), audio, at);
            counter = Tones.after(counter);
            at += SpeechCodec.FRAME_BYTES;
        }
        return at;
    }
}
