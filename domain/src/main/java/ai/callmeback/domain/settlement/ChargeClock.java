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
    /** Milliseconds of the media stream's own time (20 ms frames) that we failed to carry, over all legs and gaps. */
    MEDIA_STREAM
}
