package ai.callmeback.voice.audio;

import java.util.concurrent.TimeUnit;

/** Arithmetic of telephone audio: µ-law, 8000 samples of one byte a second. */
public final class Telephone {
    public static final int BYTES_PER_MILLI = 8;
    /** µ-law for no sound. */
    public static final byte SILENCE = (byte) 0xFF;

    private static final long NANOS_PER_BYTE = TimeUnit.MILLISECONDS.toNanos(1) / BYTES_PER_MILLI;

    private Telephone() {}

    public static long millis(long bytes) {
        return bytes / BYTES_PER_MILLI;
    }

    public static long bytes(long millis) {
        return millis * BYTES_PER_MILLI;
    }

    static long nanos(long bytes) {
        return bytes * NANOS_PER_BYTE;
    }
}
