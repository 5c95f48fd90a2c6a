package ai.callmeback.db.ledger;

import ai.callmeback.domain.Credits;

/** What became of a reversal. */
public sealed interface ReverseOutcome
        permits ReverseOutcome.Posted,
                ReverseOutcome.AlreadyPosted,
                ReverseOutcome.Exceeds,
                AlreadyResolved,
                UnknownHold,
                Conflict {

    /** Posted now. */
    record Posted(ReverseReceipt receipt) implements ReverseOutcome {}

    /** An identical request was posted before; this is its result. */
    record AlreadyPosted(ReverseReceipt receipt) implements ReverseOutcome {}

    /** More than is left of the charge; nothing was posted. */
    record Exceeds(Credits reversible) implements ReverseOutcome {}
}
