package ai.callmeback.voice.twilio;

import java.util.Arrays;

/** RFC 4648 base64 between arrays of the caller, because the one of the JDK allocates for every frame. */
final class Base64Codec {
    private static final byte[] ALPHABET = alphabet();
    private static final byte[] VALUES = values();
    private static final byte PAD = '=';

    private Base64Codec() {}

    static int encodedLength(int bytes) {
        return (bytes + 2) / 3 * 4;
    }

    /** Encodes with padding; returns the number of characters written. */
    static int encode(byte[] from, int offset, int length, byte[] to, int toOffset) {
        int out = toOffset;
        int in = offset;
        int whole = offset + length - length % 3;
        while (in < whole) {
            int triple = (from[in] & 0xFF) << 16 | (from[in + 1] & 0xFF) << 8 | (from[in + 2] & 0xFF);
            to[out] = ALPHABET[triple >>> 18];
            to[out + 1] = ALPHABET[triple >>> 12 & 63];
            to[out + 2] = ALPHABET[triple >>> 6 & 63];
            to[out + 3] = ALPHABET[triple & 63];
            in += 3;
            out += 4;
        }
        int rest = length % 3;
        if (rest > 0) {
            int last = (from[in] & 0xFF) << 16 | (rest == 2 ? (from[in + 1] & 0xFF) << 8 : 0);
            to[out] = ALPHABET[last >>> 18];
            to[out + 1] = ALPHABET[last >>> 12 & 63];
            to[out + 2] = rest == 2 ? ALPHABET[last >>> 6 & 63] : PAD;
            to[out + 3] = PAD;
            out += 4;
        }
        return out - toOffset;
    }

    /** Decodes padded base64; returns the number of bytes, or -1 if it is not base64 or does not fit. */
    static int decode(byte[] from, int start, int end, byte[] to) {
        int length = end - start;
        if (length == 0) {
            return 0;
        }
        if (length % 4 != 0 || length / 4 * 3 > to.length) {
            return -1;
        }
        int padding = from[end - 1] != PAD ? 0 : from[end - 2] != PAD ? 1 : 2;
        int out = 0;
        int in = start;
        int whole = padding == 0 ? end : end - 4;
        for (; in < whole; in += 4) {
            int quad = quad(
                    VALUES[from[in] & 0xFF],
                    VALUES[from[in + 1] & 0xFF],
                    VALUES[from[in + 2] & 0xFF],
                    VALUES[from[in + 3] & 0xFF]);
            if (quad < 0) {
                return -1;
            }
            to[out] = (byte) (quad >>> 16);
            to[out + 1] = (byte) (quad >>> 8);
            to[out + 2] = (byte) quad;
            out += 3;
        }
        if (padding > 0) {
            int third = padding == 2 ? 0 : VALUES[from[in + 2] & 0xFF];
            int quad = quad(VALUES[from[in] & 0xFF], VALUES[from[in + 1] & 0xFF], third, 0);
            if (quad < 0) {
                return -1;
            }
            to[out++] = (byte) (quad >>> 16);
            if (padding == 1) {
                to[out++] = (byte) (quad >>> 8);
            }
        }
        return out;
    }

    /** Negative if any of the four is no base64 character, for then its sign bit is set. */
    private static int quad(int a, int b, int c, int d) {
        return a << 18 | b << 12 | c << 6 | d;
    }

    private static byte[] alphabet() {
        byte[] alphabet = new byte[64];
        for (int i = 0; i < 26; i++) {
            alphabet[i] = (byte) ('A' + i);
            alphabet[26 + i] = (byte) ('a' + i);
        }
        for (int i = 0; i < 10; i++) {
            alphabet[52 + i] = (byte) ('0' + i);
        }
        alphabet[62] = '+';
        alphabet[63] = '/';
        return alphabet;
    }

    private static byte[] values() {
        byte[] values = new byte[256];
        Arrays.fill(values, (byte) -1);
        for (int i = 0; i < ALPHABET.length; i++) {
            values[ALPHABET[i]] = (byte) i;
        }
        return values;
    }
}
