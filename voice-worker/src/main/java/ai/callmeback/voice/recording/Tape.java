package ai.callmeback.voice.recording;

/** Takes the sound of one leg, on its loop. Copies what it keeps. */
public interface Tape {
    /** @param timestampMillis of the first sample, by the telephony's clock of the stream */
    void heard(long timestampMillis, byte[] mulaw, int length);

    /** Sent to the phone, which plays it when it has played all before. */
    void said(byte[] mulaw, int offset, int length);

    /** The phone was told to drop what it has not played. */
    void cleared();

    /** The leg is over. */
    void close();
}
