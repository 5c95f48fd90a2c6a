package ai.callmeback.simulators.speech;

/**
 * Spoken text: its audio, and when each character (code point) is said. The arrays are the speech itself, not copies:
 * whoever changes them changes it.
 */
public final class Speech {
    private final byte[] audio;
    private final int[] codePoints;
    private final int[] startMillis;
    private final int[] durationMillis;

    Speech(byte[] audio, int[] codePoints, int[] startMillis, int[] durationMillis) {
        this.audio = audio;
        this.codePoints = codePoints;
        this.startMillis = startMillis;
        this.durationMillis = durationMillis;
    }

    /** µ-law bytes, a whole number of frames. */
    public byte[] audio() {
        return audio;
    }

    /** The characters as spoken. */
    public int[] codePoints() {
        return codePoints;
    }

    /** When each character begins, from the start of the audio. */
    public int[] startMillis() {
        return startMillis;
    }

    /** How long each character lasts. */
    public int[] durationMillis() {
        return durationMillis;
    }

    public int lengthMillis() {
        return audio.length / SpeechCodec.BYTES_PER_MILLI;
    }
}
