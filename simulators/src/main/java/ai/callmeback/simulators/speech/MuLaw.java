package ai.callmeback.simulators.speech;

import java.util.Arrays;
import java.util.random.RandomGenerator;

/** G.711 µ-law (ITU-T G.711, PCMU), and the few things done with it: level, gain, mixing, silence and noise. */
public final class MuLaw {
    /** The byte of digital silence (+0); {@code 0x7F} is −0. */
    public static final byte SILENCE = (byte) 0xFF;

    /** Samples below this (about −40 dB re full scale) count as quiet: line noise and comfort noise are. */
    private static final int QUIET_BELOW = 300;

    private static final short[] DECODED = new short[256];
    private static final byte[] ENCODED = new byte[65_536];
    private static final boolean[] QUIET = new boolean[256];

    static {
        for (int i = 0; i < 256; i++) {
            DECODED[i] = decodeOne(i);
            QUIET[i] = Math.abs(DECODED[i]) < QUIET_BELOW;
        }
        for (int sample = Short.MIN_VALUE; sample <= Short.MAX_VALUE; sample++) {
            ENCODED[sample & 0xFFFF] = encodeOne(sample);
        }
    }

    private MuLaw() {}

    /** The linear 16-bit sample of a µ-law byte. */
    public static int decode(byte mulaw) {
        return DECODED[mulaw & 0xFF];
    }

    /** The µ-law byte of a sample, which is clamped to 16 bits first. */
    public static byte encode(int sample) {
        return ENCODED[Math.clamp(sample, Short.MIN_VALUE, Short.MAX_VALUE) & 0xFFFF];
    }

    /** Whether a single sample is too small to be part of speech. */
    public static boolean isQuiet(byte mulaw) {
        return QUIET[mulaw & 0xFF];
    }

    /** Root mean square in dB re full scale; negative infinity for silence. */
    public static double levelDb(byte[] mulaw, int offset, int length) {
        double sum = 0;
        for (int i = offset; i < offset + length; i++) {
            double sample = decode(mulaw[i]);
            sum += sample * sample;
        }
        return 20 * Math.log10(Math.sqrt(sum / length) / 32_768);
    }

    /** {@code frames} frames of digital silence. */
    public static byte[] silence(int frames) {
        byte[] audio = new byte[frames * SpeechCodec.FRAME_BYTES];
        Arrays.fill(audio, SILENCE);
        return audio;
    }

    /** White noise of the given level: a detector of energy takes it for a voice, nobody can read words in it. */
    public static byte[] noise(int frames, double levelDb, RandomGenerator random) {
        double deviation = 32_768 * Math.pow(10, levelDb / 20);
        byte[] audio = new byte[frames * SpeechCodec.FRAME_BYTES];
        for (int i = 0; i < audio.length; i++) {
            audio[i] = encode((int) Math.round(random.nextGaussian() * deviation));
        }
        return audio;
    }

    /** Both at once, as a microphone would hear them; as long as the longer one. */
    public static byte[] mix(byte[] one, byte[] other) {
        byte[] longer = one.length >= other.length ? one : other;
        byte[] shorter = one.length >= other.length ? other : one;
        byte[] mixed = longer.clone();
        for (int i = 0; i < shorter.length; i++) {
            mixed[i] = encode(decode(longer[i]) + decode(shorter[i]));
        }
        return mixed;
    }

    /** The same audio louder or softer. */
    public static byte[] gain(byte[] audio, double factor) {
        byte[] scaled = new byte[audio.length];
        for (int i = 0; i < audio.length; i++) {
            scaled[i] = encode((int) Math.round(decode(audio[i]) * factor));
        }
        return scaled;
    }

    private static short decodeOne(int value) {
        int bits = ~value & 0xFF;
        int magnitude = (((bits & 15) << 3) + 132) << ((bits >> 4) & 7);
        return (short) ((bits & 0x80) != 0 ? 132 - magnitude : magnitude - 132);
    }

    private static byte encodeOne(int sample) {
        int sign = sample < 0 ? 0x80 : 0;
        int magnitude = Math.min(Math.abs(sample), 32_635) + 132;
        int exponent = 31 - Integer.numberOfLeadingZeros(magnitude) - 7;
        return (byte) ~(sign | (exponent << 4) | ((magnitude >> (exponent + 3)) & 15));
    }
}
