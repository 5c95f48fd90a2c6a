package ai.callmeback.db.ledger;

import ai.callmeback.domain.Credits;

/** What became of the undoing of a claw-back. */
public sealed interface UndoOutcome {

    /**
     * The money is ours again, now or since an earlier try.
     *
     * @param available seconds back with the user
     * @param broken seconds of grants that have expired: not back
     */
    record Undone(long postingId, Credits available, Credits broken) implements UndoOutcome {}

    /** There is no such claw-back; nothing was posted. */
    record UnknownClawBack(String key) implements UndoOutcome {}
}
