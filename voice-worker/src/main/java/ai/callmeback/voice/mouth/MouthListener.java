package ai.callmeback.voice.mouth;

import ai.callmeback.vendors.VendorFault;
import ai.callmeback.vendors.tts.TtsEvent;

/** What {@link Mouth} reports, of the turn being spoken only. */
public interface MouthListener {
    void onConnecting(int attempt);

    /**
     * The listener owns the audio.
     *
     * @param guess the words the piece is likely to hold, if the vendor did not say; else empty
     */
    void onSpeech(int turn, TtsEvent.Audio piece, String guess);

    /** @param rest words that were spoken, but whose time the vendor did not tell */
    void onSpoken(int turn, String rest);

    /** Nothing has been heard yet of words given a while ago. */
    void onVoiceLate(int turn);

    void onReplaced(VendorFault fault);

    /** The vendor does not speak with the voice or the model it was asked for; it is asked for the product's. */
    void onRefused(VendorFault fault);

    /** Nothing is left to try. */
    void onMute(VendorFault fault);
}
