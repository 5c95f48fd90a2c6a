package ai.callmeback.domain.conversation;

/** What a line of the journal tells. Which fields it uses is said at each. */
public enum JournalKind {
    /** The stream began; {@code text} is empty. */
    LEG_STARTED,
    /** A partial transcript of the user, replaced by the next one of the same turn: {@code turn, text}. */
    USER_PARTIAL,
    /** What the user said in this turn, final: {@code turn, text}. */
    USER_SAID,
    /**
     * Text about to be spoken, written before its first frame is sent: {@code turn, segment, text, charEndMs}. The segments
     * of a turn are joined in order without separator.
     */
    AGENT_PLANNED,
    /** Playback of a segment reached {@code heardMs} (a mark came back): {@code turn, segment, heardMs}. */
    AGENT_HEARD,
    /** The agent's turn is over; {@code text} is what was heard of it: {@code turn, text, interrupted, latencyMs}. */
    AGENT_SAID,
    /** A vendor was asked for something that will be billed: {@code detail} names vendor, operation, request. */
    VENDOR_REQUEST,
    /** Anything else worth keeping: {@code detail}. */
    NOTE
}
