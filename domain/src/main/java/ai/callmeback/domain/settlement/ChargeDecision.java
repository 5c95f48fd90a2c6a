package ai.callmeback.domain.settlement;

/** Whether a call costs its user credits. */
public enum ChargeDecision {
    CHARGED,
    NOT_CHARGED,
    /** Charging is switched off by an operator: the facts are kept, the decision waits. */
    PENDING
}
