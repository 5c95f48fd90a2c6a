package ai.callmeback.db.ledger;

import ai.callmeback.domain.UsdMicros;
import java.util.UUID;

/** What became of a claw-back. */
public sealed interface ClawBackOutcome
        permits ClawBackOutcome.Posted,
                ClawBackOutcome.AlreadyPosted,
                ClawBackOutcome.Exceeds,
                ClawBackOutcome.UnknownGrant,
                Conflict {

    /** Posted now. */
    record Posted(ClawBackReceipt receipt) implements ClawBackOutcome {}

    /** An identical request was posted before; this is its result. */
    record AlreadyPosted(ClawBackReceipt receipt) implements ClawBackOutcome {}

    /** With what was taken back {@code before}, it would be more than was paid; nothing was posted. */
    record Exceeds(UsdMicros paid, UsdMicros before) implements ClawBackOutcome {}

    /** There is no such grant; nothing was posted. */
    record UnknownGrant(UUID grantId) implements ClawBackOutcome {}
}
