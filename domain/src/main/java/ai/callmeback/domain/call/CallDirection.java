package ai.callmeback.domain.call;

/** Who rings whom. */
public enum CallDirection {
    /** We ring a person. */
    OUTBOUND,
    /** A person rings a persona's number. */
    INBOUND
}
