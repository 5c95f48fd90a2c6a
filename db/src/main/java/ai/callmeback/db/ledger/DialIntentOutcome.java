package ai.callmeback.db.ledger;

/** Whether a phone may ring for a hold. */
public sealed interface DialIntentOutcome permits DialIntentOutcome.Marked, AlreadyResolved, UnknownHold {

    /** It may; the hold cannot expire any more. */
    record Marked() implements DialIntentOutcome {}
}
