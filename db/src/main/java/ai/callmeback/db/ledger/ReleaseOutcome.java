package ai.callmeback.db.ledger;

/** What became of a release. */
public sealed interface ReleaseOutcome
        permits ReleaseOutcome.Posted, ReleaseOutcome.AlreadyPosted, AlreadyResolved, UnknownHold, Conflict {

    /** Posted now. */
    record Posted(ReleaseReceipt receipt) implements ReleaseOutcome {}

    /** An identical request was posted before; this is its result. */
    record AlreadyPosted(ReleaseReceipt receipt) implements ReleaseOutcome {}
}
