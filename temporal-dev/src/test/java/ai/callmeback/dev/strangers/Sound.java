package ai.callmeback.dev.strangers;

import java.util.Arrays;

/** Plain telephone sound: a sine, silence, and how loud a piece is. µ-law by the formula of G.711. */
final class Sound {

    static final int FRAME_BYTES = 160;
    static final int FRAME_MILLIS = 20;

    private Sound() {}

    static byte[] silence(int millis) {
        byte[] bytes = new byte[millis * 8];
        Arrays.fill(bytes, (byte) 0xFF);
        return bytes;
    }

    static byte[] sine(int millis, int hertz) {
        byte[] bytes = new byte[millis * 8];
        for (int i = 0; i < bytes.length; i++) {
            bytes[i] = encode((int) (9000 * Math.sin(2 * Math.PI * hertz * i / 8000)));
        }
        return bytes;
    }

    static boolean loud(byte[] mulaw) {
        long sum = 0;
        for (byte sample : mulaw) {
            sum += Math.abs(decode(sample));
        }
        return mulaw.length > 0 && sum / mulaw.length > 500;
    }

    private static byte encode(int sample) {
        int sign = sample < 0 ? 0x80 : 0;
        int magnitude = Math.min(Math.abs(sample), 32635) + 132;
        int exponent = 31 - Integer.numberOfLeadingZeros(magnitude) - 7;
        return (byte) ~(sign | (exponent << 4) | ((magnitude >> (exponent + 3)) & 15));
    }

    private static int decode(byte mulaw) {
        int bits = ~mulaw & 0xFF;
        int magnitude = ((((bits & 15) << 3) + 132) << ((bits >> 4) & 7)) - 132;
        return (bits & 0x80) == 0 ? magnitude : -magnitude;
    }
}
