package ai.callmeback.voice.ears;

import ai.callmeback.voice.audio.Telephone;
import java.util.concurrent.TimeUnit;

/**
 * Sound of the user of which the engine has said nothing. Every engine has a word, or at least the beginning of a turn, for
 * a second and a half of speech; one that has none is mute, though its connection lives. Noise without words looks the
 * same, so this is believed once a minute, and sounds that lie further apart are not added up.
 */
final class Unheard {
    static final long MUTE_AFTER_MILLIS = 1_500;
    private static final long APART_MILLIS = 2_000;
    private static final long ONCE_IN_MILLIS = 60_000;

    private long soundBytes;
    private long soundFrom;
    private boolean believed;
    private long believedNanos;

    /**
     * Audio was sent to an engine.
     *
     * @param position of its first byte
     * @return whether the engine is mute
     */
    boolean add(boolean sounds, long quietMillis, long position, int length, long nowNanos) {
        if (quietMillis > APART_MILLIS) {
            heard();
        }
        if (!sounds) {
            return false;
        }
        soundFrom = soundBytes == 0 ? position : soundFrom;
        soundBytes += length;
        boolean again = believed && nowNanos - believedNanos < TimeUnit.MILLISECONDS.toNanos(ONCE_IN_MILLIS);
        if (again || Telephone.millis(soundBytes) < MUTE_AFTER_MILLIS) {
            return false;
        }
        believed = true;
        believedNanos = nowNanos;
        return true;
    }

    /** The engine has reported something. */
    void heard() {
        soundBytes = 0;
    }

    /** Where the sound nobody has said anything about begins; {@code otherwise} if there is none. */
    long from(long otherwise) {
        return soundBytes == 0 ? otherwise : Math.min(otherwise, soundFrom);
    }
}
