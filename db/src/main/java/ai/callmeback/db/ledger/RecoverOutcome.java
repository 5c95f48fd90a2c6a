package ai.callmeback.db.ledger;

/** What became of a recovery. */
public sealed interface RecoverOutcome
        permits RecoverOutcome.Posted, RecoverOutcome.AlreadyPosted, RecoverOutcome.NothingToRecover, Conflict {

    /** Posted now. */
    record Posted(RecoverReceipt receipt) implements RecoverOutcome {}

    /** An identical request was posted before; this is its result. */
    record AlreadyPosted(RecoverReceipt receipt) implements RecoverOutcome {}

    /** Nothing is owed, or nothing is available; nothing was posted. */
    record NothingToRecover() implements RecoverOutcome {}
}
