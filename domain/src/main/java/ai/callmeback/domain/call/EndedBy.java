package ai.callmeback.domain.call;

/** Who ended the talk. */
public enum EndedBy {
    /** The person called hung up, or asked us to by the API. */
    USER,
    /** The persona said goodbye. */
    AGENT,
    /** A limit was reached: planned time, silence, an operator. */
    SYSTEM,
    /** Something broke. */
    ERROR
}
