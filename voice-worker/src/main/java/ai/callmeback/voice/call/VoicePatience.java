package ai.callmeback.voice.call;

import ai.callmeback.voice.mouth.Patience;

/**
 * How long a voice is waited for when nothing of it is in memory to be said meanwhile: the silence so far, the two ways to
 * reach the vendor, and the telephony's own voice after them, together stay under three seconds.
 */
final class VoicePatience {
    /** A silence of so long is ended by the telephony, which takes up to half a second to be heard. */
    static final long LAST_WORD_AFTER_MILLIS = 2_400;

    /** What the first leg of a call has of it when it begins: instructions fetched, the socket opened, the claim. */
    static final long BEFORE_FIRST_LEG_MILLIS = 300;

    /** Words of the user are reported so long after they were said. */
    static final long WORDS_LATE_MILLIS = 300;

    /** In less no vendor answers. */
    static final long LEAST_MILLIS = 500;

    private VoicePatience() {}

    /**
     * @param silentMillis how long nothing has been heard; negative if something still is, for so long
     * @param lastChance whether nothing is left to try but the telephony
     */
    static long millis(long silentMillis, boolean lastChance) {
        long left = LAST_WORD_AFTER_MILLIS - silentMillis;
        return Math.clamp(lastChance ? left : left / 2, LEAST_MILLIS, Patience.USUAL_MILLIS);
    }
}
