package ai.callmeback.voice.ears;

import ai.callmeback.voice.audio.Telephone;
import java.util.concurrent.TimeUnit;

/**
 * Sound of the user of which the engine has said nothing. Every engine has a word, or at least the beginning of a turn, for
 * a second and a half of speech; one that has none is doubted, though its connection lives. So is one that leaves a shorter
 * sound without a word while an answer is waited for ({@link Ears#doubt}).
 *
 * <p>Noise looks the same. Which of the two it was the other engine shows ({@link SecondOpinion}): after noise the next doubt
 * comes a minute later at the earliest, after noise again two minutes later, then four, up to sixteen; an engine that was mute
 * indeed makes it a minute again. Sounds that lie further apart than two seconds are not added up.
 */
final class Unheard {
    static final long MUTE_AFTER_MILLIS = 1_500;
    static final long PATIENCE_MILLIS = 60_000;

    private static final long APART_MILLIS = 2_000;
    private static final long PATIENCE_MOST_MILLIS = 16 * PATIENCE_MILLIS;

    private long soundBytes;
    private long soundFrom;
    private boolean doubted;
    private long doubtedNanos;
    /** Before the next doubt. */
    private long patienceMillis = PATIENCE_MILLIS;

    private boolean noiseBefore;

    /**
     * Audio was sent to an engine.
     *
     * @param position of its first byte
     * @return whether an engine that hears would have said something by now
     */
    boolean add(boolean sounds, long quietMillis, long position, int length) {
        if (quietMillis > APART_MILLIS) {
            heard();
        }
        if (!sounds) {
            return false;
        }
        soundFrom = soundBytes == 0 ? position : soundFrom;
        soundBytes += length;
        return Telephone.millis(soundBytes) >= MUTE_AFTER_MILLIS;
    }

    boolean isAny() {
        return soundBytes > 0;
    }

    /** Whether the time has come to doubt an engine that has shown that it hears; if so, it is doubted. */
    boolean mayDoubt(long nowNanos) {
        if (doubted && nowNanos - doubtedNanos < TimeUnit.MILLISECONDS.toNanos(patienceMillis)) {
            return false;
        }
        doubted = true;
        doubtedNanos = nowNanos;
        return true;
    }

    /** The engine has reported something. */
    void heard() {
        soundBytes = 0;
    }

    /** The other engine had words for it. */
    void wasSpeech() {
        patienceMillis = PATIENCE_MILLIS;
        noiseBefore = false;
    }

    /** The other engine had no words for it either. */
    void wasNoise() {
        patienceMillis = noiseBefore ? Math.min(PATIENCE_MOST_MILLIS, 2 * patienceMillis) : PATIENCE_MILLIS;
        noiseBefore = true;
        heard();
    }

    /** Where the sound nobody has said anything about begins; {@code otherwise} if there is none. */
    long from(long otherwise) {
        return soundBytes == 0 ? otherwise : Math.min(otherwise, soundFrom);
    }
}
