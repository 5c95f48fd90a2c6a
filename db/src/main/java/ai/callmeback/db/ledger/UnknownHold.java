package ai.callmeback.db.ledger;

import java.util.UUID;

/** There is no hold of this id; nothing was posted. */
public record UnknownHold(UUID holdId)
        implements GrowOutcome, CaptureOutcome, ReleaseOutcome, DialIntentOutcome, ReverseOutcome {}
