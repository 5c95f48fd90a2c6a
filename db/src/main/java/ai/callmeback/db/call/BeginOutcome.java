package ai.callmeback.db.call;

/** May this attempt be dialled? */
public sealed interface BeginOutcome {
    /** Yes, and only by whoever got this answer. */
    record Begun() implements BeginOutcome {}

    /** It has been begun before: never dial again, find out. */
    record AlreadyBegun(DialIntent intent) implements BeginOutcome {}

    /** Another call's dial to the same number is open. Nothing was written. */
    record NumberBusy() implements BeginOutcome {}
}
