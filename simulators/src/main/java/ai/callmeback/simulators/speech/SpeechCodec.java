package ai.callmeback.simulators.speech;

/** Text to tones and back in one call, and the sizes of the format (see the package's description). */
public final class SpeechCodec {
    public static final int FRAME_BYTES = 160;
    public static final int FRAME_MILLIS = 20;
    public static final int BYTES_PER_MILLI = FRAME_BYTES / FRAME_MILLIS;

    private SpeechCodec() {}

    /** One whole utterance. For speech that goes on, keep a {@link SpeechEncoder}. */
    public static Speech encode(String text) {
        return new SpeechEncoder().encode(text);
    }

    /** What can be heard in the whole of {@code audio}. For a stream, keep a {@link SpeechDecoder}. */
    public static Hearing decode(byte[] audio) {
        Hearing hearing = new Hearing();
        SpeechDecoder decoder = new SpeechDecoder(hearing);
        decoder.accept(audio, 0, audio.length);
        decoder.end();
        return hearing;
    }

    /** How long it takes to say {@code text}, in milliseconds. */
    public static int durationMillis(String text) {
        return text.codePoints().map(SpeechCodec::framesOf).sum() * FRAME_MILLIS;
    }

    static int framesOf(int codePoint) {
        int spoken = SpeechEncoder.sayable(codePoint);
        if (spoken < 0x80) {
            return Tones.framesOfByte(spoken);
        }
        int trailing = spoken < 0x800 ? 1 : spoken < 0x10000 ? 2 : 3;
        return 3 + trailing;
    }
}
