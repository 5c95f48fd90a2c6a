package ai.callmeback.voice.mouth;

/** Says how long a voice that owes words is waited for. */
@FunctionalInterface
public interface Patience {
    /** While something else can be said, from when the phone has nothing more to play. */
    long USUAL_MILLIS = OwedSpeech.SILENT_MILLIS;

    /**
     * Asked when words are given to a voice that owes none, and when some of them, but not all, have come back.
     *
     * @param hasSpoken whether the voice has been heard on this leg, and not only what was in memory
     * @param lastChance whether nothing is left to try after this
     */
    long millis(boolean hasSpoken, boolean lastChance);
}
