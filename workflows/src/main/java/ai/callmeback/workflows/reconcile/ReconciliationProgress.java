package ai.callmeback.workflows.reconcile;

/**
 * What a run has done so far.
 *
 * @param records of vendors that were held against our books
 * @param corrected estimates that were replaced by a correcting entry
 * @param late records without an amount yet
 * @param leftovers on either side without a match, or with another amount
 * @param casesOpened of them; the others were cases before
 * @param correctedMicros what was booked, signs as they are
 */
public record ReconciliationProgress(
        long records, long matched, long corrected, long late, long leftovers, long casesOpened, long correctedMicros) {
    public static final ReconciliationProgress NONE = new ReconciliationProgress(0, 0, 0, 0, 0, 0, 0);

    public ReconciliationProgress plus(ReconciliationProgress more) {
        return new ReconciliationProgress(
                records + more.records,
                matched + more.matched,
                corrected + more.corrected,
                late + more.late,
                leftovers + more.leftovers,
                casesOpened + more.casesOpened,
                correctedMicros + more.correctedMicros);
    }
}
