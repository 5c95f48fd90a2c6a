package ai.callmeback.voice.twilio;

import java.nio.charset.StandardCharsets;

/**
 * Recognises a media frame, and nothing else, in one pass over its bytes. It accepts only what it has checked
 * completely (known keys, no escapes, no duplicates that would change the meaning); for everything else it answers
 * false and {@link RareFrameParser} decides. So the fast path can never take a frame the strict one would refuse.
 */
final class MediaScanner {
    private static final byte[] EVENT = ascii("event");
    private static final byte[] MEDIA = ascii("media");
    private static final byte[] SEQUENCE = ascii("sequenceNumber");
    private static final byte[] STREAM = ascii("streamSid");
    private static final byte[] TRACK = ascii("track");
    private static final byte[] INBOUND = ascii("inbound");
    private static final byte[] CHUNK = ascii("chunk");
    private static final byte[] TIMESTAMP = ascii("timestamp");
    private static final byte[] PAYLOAD = ascii("payload");
    private static final int MAX_DIGITS = 18;

    long sequence;
    long timestamp;
    int payloadStart;
    int payloadEnd;
    /** Negative if the frame names no stream. */
    int streamStart;

    int streamEnd;

    private byte[] bytes = new byte[0];
    private int at;
    private int end;
    private int stringStart;
    private int stringEnd;
    private long number;
    private boolean isMedia;
    private boolean hasTimestamp;

    /** Whether the bytes are one complete media frame of the inbound track; the fields then tell what it holds. */
    boolean scan(byte[] source, int length) {
        bytes = source;
        at = 0;
        end = length;
        sequence = -1;
        payloadStart = -1;
        streamStart = -1;
        isMedia = false;
        hasTimestamp = false;
        return scanFrame() && isMedia && hasTimestamp && payloadStart >= 0 && atEnd();
    }

    private boolean scanFrame() {
        if (!take('{')) {
            return false;
        }
        do {
            if (!key() || !frameValue()) {
                return false;
            }
        } while (take(','));
        return take('}');
    }

    private boolean frameValue() {
        if (stringIs(EVENT)) {
            isMedia = takeColon() && string() && stringIs(MEDIA);
            return isMedia;
        }
        if (stringIs(MEDIA)) {
            return takeColon() && scanMedia();
        }
        if (stringIs(SEQUENCE)) {
            boolean read = takeColon() && digits();
            sequence = number;
            return read;
        }
        return stringIs(STREAM) && stream();
    }

    private boolean stream() {
        if (streamStart >= 0 || !takeColon() || !string()) {
            return false;
        }
        streamStart = stringStart;
        streamEnd = stringEnd;
        return true;
    }

    private boolean scanMedia() {
        if (payloadStart >= 0 || !take('{')) {
            return false;
        }
        do {
            if (!key() || !mediaValue()) {
                return false;
            }
        } while (take(','));
        return take('}');
    }

    private boolean mediaValue() {
        if (stringIs(PAYLOAD)) {
            if (payloadStart >= 0 || !takeColon() || !string()) {
                return false;
            }
            payloadStart = stringStart;
            payloadEnd = stringEnd;
            return true;
        }
        if (stringIs(TIMESTAMP)) {
            hasTimestamp = takeColon() && digits();
            timestamp = number;
            return hasTimestamp;
        }
        if (stringIs(CHUNK)) {
            return takeColon() && digits();
        }
        return stringIs(TRACK) && takeColon() && string() && stringIs(INBOUND);
    }

    private boolean key() {
        return string();
    }

    private boolean takeColon() {
        return take(':');
    }

    /** Numbers come as strings; a stand-in may send them bare. */
    private boolean digits() {
        skipSpace();
        boolean quoted = at < end && bytes[at] == '"';
        if (quoted) {
            at++;
        }
        int first = at;
        number = 0;
        while (at < end && bytes[at] >= '0' && bytes[at] <= '9') {
            number = number * 10 + bytes[at] - '0';
            at++;
        }
        int count = at - first;
        boolean sane = count > 0 && count <= MAX_DIGITS && (quoted || count == 1 || bytes[first] != '0');
        return sane && (!quoted || takeExactly('"'));
    }

    private boolean string() {
        if (!take('"')) {
            return false;
        }
        stringStart = at;
        while (at < end) {
            byte b = bytes[at];
            if (b == '"') {
                stringEnd = at++;
                return true;
            }
            if (b == '\\' || b < ' ') {
                return false;
            }
            at++;
        }
        return false;
    }

    private boolean stringIs(byte[] expected) {
        if (stringEnd - stringStart != expected.length) {
            return false;
        }
        for (int i = 0; i < expected.length; i++) {
            if (bytes[stringStart + i] != expected[i]) {
                return false;
            }
        }
        return true;
    }

    private boolean take(char expected) {
        skipSpace();
        return takeExactly(expected);
    }

    private boolean takeExactly(char expected) {
        if (at < end && bytes[at] == expected) {
            at++;
            return true;
        }
        return false;
    }

    private boolean atEnd() {
        skipSpace();
        return at == end;
    }

    private void skipSpace() {
        while (at < end && (bytes[at] == ' ' || bytes[at] == '\n' || bytes[at] == '\r' || bytes[at] == '\t')) {
            at++;
        }
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }
}
