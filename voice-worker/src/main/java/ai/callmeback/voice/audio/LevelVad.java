package ai.callmeback.voice.audio;

/**
 * Says whether the user makes a sound, from the level alone: a hint that comes before any word, not a proof of speech.
 * The noise floor follows the quiet; a sound is what stands clearly above it.
 */
public final class LevelVad {
    private static final int[] MAGNITUDE = magnitudes();
    /** About -45 dBFS; below it nothing is a sound, however quiet the line. */
    private static final int LEAST_MAGNITUDE = 180;

    private static final int ABOVE_FLOOR = 4;
    private static final int HANG_FRAMES = 10;
    private static final int SOUND_BYTES_MOST = 1600;

    private int floor = LEAST_MAGNITUDE / ABOVE_FLOOR;
    private int hang;
    private int soundBytes;
    private int quietBytes;

    /** Takes the next piece of audio and says whether the user is making a sound now or did within the last 200 ms. */
    public boolean accept(byte[] mulaw, int length) {
        if (length == 0) {
            return hang > 0;
        }
        long sum = 0;
        for (int i = 0; i < length; i++) {
            sum += MAGNITUDE[mulaw[i] & 0xFF];
        }
        int mean = (int) (sum / length);
        boolean sound = mean > Math.max(LEAST_MAGNITUDE, floor * ABOVE_FLOOR);
        floor += (mean < floor ? (mean - floor) / 4 : sound ? 0 : (mean - floor) / 32);
        soundBytes = sound ? Math.min(SOUND_BYTES_MOST, soundBytes + length) : Math.max(0, soundBytes - 2 * length);
        quietBytes = sound ? 0 : quietBytes + length;
        hang = sound ? HANG_FRAMES : Math.max(0, hang - 1);
        return hang > 0;
    }

    /** How long there has been sound, at most 200 ms, breaks taken off twice over: what lasts is more than a click. */
    public long soundMillis() {
        return Telephone.millis(soundBytes);
    }

    /** How long there has been none. */
    public long quietMillis() {
        return Telephone.millis(quietBytes);
    }

    /** Decoded absolute values of the 256 µ-law codes (ITU-T G.711). */
    private static int[] magnitudes() {
        int[] table = new int[256];
        for (int code = 0; code < 256; code++) {
            int u = ~code & 0xFF;
            table[code] = ((((u & 15) << 3) + 132) << (u >> 4 & 7)) - 132;
        }
        return table;
    }
}
