package ai.callmeback.db.ledger;

/** What became of a grant. */
public sealed interface GrantOutcome permits GrantOutcome.Posted, GrantOutcome.AlreadyPosted, Conflict {

    /** Posted now. */
    record Posted(GrantReceipt receipt) implements GrantOutcome {}

    /** An identical request was posted before; this is its result. */
    record AlreadyPosted(GrantReceipt receipt) implements GrantOutcome {}
}
