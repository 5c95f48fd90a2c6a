package ai.callmeback.voice.twilio;

/** Receives what {@link TwilioFrameReader} reads, on the thread that reads. */
public interface TwilioListener {

    /**
     * One piece of the user's audio. The array is the reader's own and is overwritten by the next frame: copy what must
     * outlive the call.
     *
     * @param sequence Twilio's number of the frame within the stream, -1 if it gave none
     * @param timestampMillis Twilio's own clock: milliseconds since the stream began
     */
    void onMedia(long sequence, long timestampMillis, byte[] mulaw, int length);

    /** Any other frame, the malformed included. */
    void onFrame(TwilioFrame frame);
}
