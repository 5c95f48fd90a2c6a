package ai.callmeback.db.ledger;

/** What became of a capture. */
public sealed interface CaptureOutcome
        permits CaptureOutcome.Posted, CaptureOutcome.AlreadyPosted, AlreadyResolved, UnknownHold, Conflict {

    /** Posted now. */
    record Posted(CaptureReceipt receipt) implements CaptureOutcome {}

    /** An identical request was posted before; this is its result. */
    record AlreadyPosted(CaptureReceipt receipt) implements CaptureOutcome {}
}
