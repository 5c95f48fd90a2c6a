package ai.callmeback.domain.settlement;

/**
 * One answered ring of a call's phone.
 *
 * @param machine Twilio heard a machine or a fax
 * @param connectedSeconds Twilio's own duration of this ring's conversation
 * @param cutOff its conversation ended because we failed, not because somebody hung up
 */
public record AnsweredAttempt(int attempt, boolean machine, long connectedSeconds, boolean cutOff) {}
