package ai.callmeback.domain.call;

/** What one request to dial came to. Nothing is rounded: when the answer is not known, that is the outcome. */
public sealed interface DialOutcome {
    /** The vendor took the call and named it. */
    record Accepted(String callSid) implements DialOutcome {}

    /** The vendor will not dial; nothing rings. */
    record Refused(Refusal refusal) implements DialOutcome {}

    /** The request may or may not have arrived: a phone may be ringing. Never dial again on this. */
    record Unknown(String reason) implements DialOutcome {}
}
