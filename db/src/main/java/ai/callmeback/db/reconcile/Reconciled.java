package ai.callmeback.db.reconcile;

import ai.callmeback.domain.UsdMicros;

/**
 * What became of one record of a vendor's.
 *
 * @param difference what was booked to correct our estimate
 * @param caseOpened a new case; one that was known is none
 */
public record Reconciled(Outcome outcome, UsdMicros difference, boolean caseOpened) {

    /** As the database names them, in lower case. */
    public enum Outcome {
        MATCHED,
        CORRECTED,
        /** The vendor has not said yet. */
        LATE,
        MISSING_OURS,
        AMOUNT_DIFFERS,
        DUPLICATE,
        /** Nothing that has an entry in our books, such as a payout. */
        OTHER
    }
}
