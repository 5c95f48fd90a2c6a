package ai.callmeback.simulators.speech;

import static ai.callmeback.simulators.speech.SpeechCodec.FRAME_BYTES;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.concurrent.atomic.AtomicLongArray;

/**
 * The chords. A frame is a packed integer: byte of text (8 bits), counter (7 bits), phase (2 bits).
 *
 * <p>Reading a frame costs a hash and one look-up once the same frame has been read before, by any decoder; the first
 * time, or in noise, it costs a correlation with the 60 tones (some microseconds).
 */
final class Tones {
    static final int UNREADABLE = -1;

    /** All cosines peak together on the first sample of a frame: this byte marks where a clean frame may begin. */
    static final byte PEAK;

    private static final int LAST_COUNTER = 127;
    private static final int AMPLITUDE = 2_000;
    /** Correlation tables are scaled so that 160 products of full-scale samples fit an int. */
    private static final int TABLE_SCALE = 127;

    private static final int FIRST_BIN = 6;
    private static final int[] BAND_SIZES = {16, 16, 16, 8, 4};
    private static final int[] BAND_STARTS = {0, 16, 32, 48, 56};
    private static final int BINS = 60;

    /** A tone this weak (samples) cannot be told from line noise. */
    private static final int WEAKEST_TONE = 150;

    private static final short[][] COSINES = new short[BINS][FRAME_BYTES];
    private static final int[][] SCALED = new int[BINS][FRAME_BYTES];

    private static final VarHandle LONGS = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
    private static final int MEMO_BITS = 17;
    private static final long FRAME_MASK = (1L << 17) - 1;
    /** Hash (upper 47 bits) and frame (lower 17) of frames read before; each slot is overwritten by the newest. */
    private static final AtomicLongArray MEMO = new AtomicLongArray(1 << MEMO_BITS);

    static {
        for (int bin = 0; bin < BINS; bin++) {
            for (int n = 0; n < FRAME_BYTES; n++) {
                double cosine = Math.cos(2 * Math.PI * (bin + FIRST_BIN) * n / FRAME_BYTES);
                COSINES[bin][n] = (short) Math.round(AMPLITUDE * cosine);
                SCALED[bin][n] = (int) Math.round(TABLE_SCALE * cosine);
            }
        }
        PEAK = MuLaw.encode(BAND_SIZES.length * AMPLITUDE);
    }

    private Tones() {}

    static int frame(int value, int counter, int phase) {
        return value | (counter << 8) | (phase << 15);
    }

    static int value(int frame) {
        return frame & 0xFF;
    }

    static int counter(int frame) {
        return (frame >> 8) & 0x7F;
    }

    static int phase(int frame) {
        return frame >> 15;
    }

    static int after(int counter) {
        return counter == LAST_COUNTER ? 1 : counter + 1;
    }

    /** How many steps of the counter lie between two frames, 0 to 126. */
    static int steps(int from, int to) {
        return Math.floorMod(to - from, LAST_COUNTER);
    }

    static int framesOfByte(int value) {
        if (value >= 0x80) {
            return value < 0xC0 ? 1 : 3;
        }
        return Character.isLetterOrDigit(value) ? 3 : 4;
    }

    static void compose(int frame, byte[] into, int offset) {
        int value = value(frame);
        int counter = counter(frame);
        short[] a = COSINES[value >> 4];
        short[] b = COSINES[BAND_STARTS[1] + (value & 15)];
        short[] c = COSINES[BAND_STARTS[2] + (counter & 15)];
        short[] d = COSINES[BAND_STARTS[3] + (counter >> 4)];
        short[] e = COSINES[BAND_STARTS[4] + phase(frame)];
        for (int n = 0; n < FRAME_BYTES; n++) {
            into[offset + n] = MuLaw.encode(a[n] + b[n] + c[n] + d[n] + e[n]);
        }
    }

    /** The frame that starts at {@code offset} exactly as it was said, or {@link #UNREADABLE}. */
    static int readExact(byte[] audio, int offset) {
        return audio[offset] == PEAK ? read(audio, offset, true) : UNREADABLE;
    }

    /** The frame that starts at {@code offset}, also when it is louder, softer or under some noise. */
    static int read(byte[] audio, int offset) {
        return read(audio, offset, false);
    }

    private static int read(byte[] audio, int offset, boolean exactly) {
        long hash = hash(audio, offset);
        int slot = (int) (hash >>> (64 - MEMO_BITS));
        long known = MEMO.getOpaque(slot);
        if (known != 0 && ((known ^ hash) & ~FRAME_MASK) == 0) {
            return (int) (known & FRAME_MASK);
        }
        int heard = correlate(audio, offset);
        if (heard == UNREADABLE) {
            return UNREADABLE;
        }
        byte[] clean = new byte[FRAME_BYTES];
        compose(heard, clean, 0);
        if (Arrays.equals(clean, 0, FRAME_BYTES, audio, offset, offset + FRAME_BYTES)) {
            MEMO.setOpaque(slot, (hash & ~FRAME_MASK) | heard);
            return heard;
        }
        return exactly ? UNREADABLE : heard;
    }

    /**
     * In each band the strongest tone, provided that it clearly stands out there and that the five are about as strong
     * as each other: noise never looks like that in all five bands.
     */
    private static int correlate(byte[] audio, int offset) {
        int[] samples = new int[FRAME_BYTES];
        for (int n = 0; n < FRAME_BYTES; n++) {
            samples[n] = MuLaw.decode(audio[offset + n]);
        }
        int[] tones = new int[BAND_SIZES.length];
        long weakest = Integer.MAX_VALUE;
        long strongest = 0;
        for (int band = 0; band < BAND_SIZES.length; band++) {
            long best = 0;
            long second = 0;
            for (int i = 0; i < BAND_SIZES[band]; i++) {
                int strength = product(samples, SCALED[BAND_STARTS[band] + i]);
                if (strength > best) {
                    second = Math.max(second, best);
                    best = strength;
                    tones[band] = i;
                } else {
                    second = Math.max(second, Math.abs((long) strength));
                }
            }
            if (best < 2 * second) {
                return UNREADABLE;
            }
            weakest = Math.min(weakest, best);
            strongest = Math.max(strongest, best);
        }
        if (weakest < (long) WEAKEST_TONE * TABLE_SCALE * FRAME_BYTES / 2 || strongest > 3 * weakest) {
            return UNREADABLE;
        }
        return frame((tones[0] << 4) | tones[1], tones[2] | (tones[3] << 4), tones[4]);
    }

    private static int product(int[] samples, int[] cosine) {
        int sum = 0;
        for (int n = 0; n < FRAME_BYTES; n++) {
            sum += samples[n] * cosine[n];
        }
        return sum;
    }

    private static long hash(byte[] audio, int offset) {
        long hash = 0x9E37_79B9_7F4A_7C15L;
        for (int n = 0; n < FRAME_BYTES; n += Long.BYTES) {
            hash = (hash ^ (long) LONGS.get(audio, offset + n)) * 0xBF58_476D_1CE4_E5B9L;
            hash ^= hash >>> 29;
        }
        return hash;
    }
}
