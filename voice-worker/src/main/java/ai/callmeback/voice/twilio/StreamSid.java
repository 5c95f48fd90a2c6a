package ai.callmeback.voice.twilio;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** The name of one stream, in the form frames are compared with it: without making a string of what came. */
public final class StreamSid {
    private final String name;
    private final byte[] ascii;

    /** @param name letters, digits, dashes only, as the reader makes sure */
    public StreamSid(String name) {
        this.name = name;
        this.ascii = name.getBytes(StandardCharsets.US_ASCII);
    }

    boolean is(String other) {
        return name.equals(other);
    }

    boolean is(byte[] bytes, int from, int to) {
        return Arrays.equals(bytes, from, to, ascii, 0, ascii.length);
    }

    @Override
    public String toString() {
        return name;
    }
}
