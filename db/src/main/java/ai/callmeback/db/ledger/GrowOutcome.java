package ai.callmeback.db.ledger;

/** What became of the growth of a hold. */
public sealed interface GrowOutcome
        permits GrowOutcome.Posted, GrowOutcome.AlreadyPosted, Insufficient, AlreadyResolved, UnknownHold, Conflict {

    /** Posted now. */
    record Posted(HoldReceipt receipt) implements GrowOutcome {}

    /** An identical request was posted before; this is its result. */
    record AlreadyPosted(HoldReceipt receipt) implements GrowOutcome {}
}
