package ai.callmeback.voice.twilio;

import java.util.Map;

/**
 * A frame Twilio sent on a media socket, other than audio, which is handed over without an object of its own (see
 * {@link TwilioListener#onMedia}).
 *
 * <p>Source of the shapes: Twilio, "Media Streams WebSocket messages".
 */
public sealed interface TwilioFrame {

    /** First frame of every socket. */
    record Connected(String protocol, String version) implements TwilioFrame {}

    /** The stream begins; parameters are those of the TwiML's {@code <Parameter>} nouns. */
    record Start(String streamSid, String callSid, Map<String, String> parameters, String encoding, int sampleRate)
            implements TwilioFrame {

        /** Whether the audio is what this worker speaks: µ-law, 8000 Hz. */
        public boolean isTelephoneAudio() {
            return "audio/x-mulaw".equals(encoding) && sampleRate == 8000;
        }

        /** Parameters may hold the one-time token, so only their names are printed. */
        @Override
        public String toString() {
            return "Start[streamSid=" + streamSid + ", callSid=" + callSid + ", parameters=" + parameters.keySet()
                    + ", encoding=" + encoding + ", sampleRate=" + sampleRate + "]";
        }
    }

    /** Playback reached the mark, or a {@code clear} flushed it: the two look the same. */
    record Mark(String name) implements TwilioFrame {}

    /** The user pressed a key. */
    record Dtmf(String digit) implements TwilioFrame {}

    /** The call or the stream is over; the socket closes next. */
    record Stop() implements TwilioFrame {}

    /** Well-formed, but an event this worker does not know: ignored. */
    record Unknown(String event) implements TwilioFrame {}

    /** A frame that names another stream than this socket's: whatever it holds, it is not for this call. */
    record Foreign() implements TwilioFrame {
        static final Foreign FRAME = new Foreign();
    }

    /** Not a frame: {@code reason} says what was wrong, without quoting the frame. */
    record Malformed(String reason) implements TwilioFrame {}
}
