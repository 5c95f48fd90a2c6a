package ai.callmeback.simulators.speech;

/** What a decoder makes of a stream. Positions are bytes since the start of the stream, 8 to the millisecond. */
public interface SpeechListener {
    /**
     * A character was heard.
     *
     * @param complete whether all of its frames were; a cut one may be half a character
     */
    void character(int codePoint, long startByte, long endByte, boolean complete);

    /** A frame of speech was heard; its character follows when it is over. */
    default void speech(long startByte) {}

    /** A new utterance begins here. */
    default void utterance(long atByte) {}

    /** Nothing but quiet for so many bytes. Consecutive calls continue each other. */
    default void silence(long startByte, int bytes) {}

    /** Energy that is no speech. */
    default void noise(long startByte, int bytes) {}

    /** At least so many frames of the utterance are missing before this point. */
    default void lost(int frames, long atByte) {}

    /** A frame that was heard already came again. */
    default void repeated(long atByte) {}

    /** A frame that had been taken for lost came late: it counted as lost before and does so no longer. */
    default void reordered(long atByte) {}

    /** An utterance went on after a pause that is no part of it: the player ran dry. */
    default void resumed(long atByte, long pauseBytes) {}
}
