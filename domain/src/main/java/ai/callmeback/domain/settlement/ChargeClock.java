package ai.callmeback.domain.settlement;

/** Which clock, or counter, a row of the charge table reads. Two clocks never agree to the second, so each row names one. */
public enum ChargeClock {
    /** The terminal status Twilio reports: completed, or one that never had an answer. */
    TWILIO_STATUS,
    /** Twilio's answering machine detection. */
    TWILIO_ANSWERED_BY,
    /** Twilio's own duration: whole seconds from answer to end. */
    TWILIO_DURATION,
    /** Words of final transcripts of the user, counted by the voice workers over all media legs. */
    TRANSCRIPT_WORDS,
    /** Faults the voice workers met and could not mend; a flag, not a time. */
    VOICE_FAULTS,
    /**
     * The voice workers' own clocks, as journalled: within a leg, what its worker was late by in the stream's own time; between
     * two legs of one ring, from the last sign of life of the first (its last journal line or renewed lease) to the first
     * audio of the second. Twilio's clock says nothing of a gap.
     */
    VOICE_JOURNAL
}
