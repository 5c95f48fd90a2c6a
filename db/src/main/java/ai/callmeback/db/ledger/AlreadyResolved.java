package ai.callmeback.db.ledger;

/** The hold was resolved in another way before; nothing was posted. */
public record AlreadyResolved(HoldState state)
        implements GrowOutcome, CaptureOutcome, ReleaseOutcome, DialIntentOutcome, ReverseOutcome {}
