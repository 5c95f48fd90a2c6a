package ai.callmeback.db.ledger;

/** What became of a hold. */
public sealed interface HoldOutcome permits HoldOutcome.Posted, HoldOutcome.AlreadyPosted, Insufficient, Conflict {

    /** Posted now. */
    record Posted(HoldReceipt receipt) implements HoldOutcome {}

    /** An identical request was posted before; this is its result. */
    record AlreadyPosted(HoldReceipt receipt) implements HoldOutcome {}
}
