package ai.callmeback.workflows.reconcile;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * All may be null: then it is a run of its own over the three UTC days before today. Prices may be late, so each day is
 * looked at three times.
 *
 * @param runId of a run that is kept in Postgres already
 * @param startedBy {@code schedule}; who starts it in the Temporal UI leaves it out
 * @param point where an earlier execution of this run has left off
 */
public record ReconciliationInput(
        @Nullable String runId,
        @Nullable Instant from,
        @Nullable Instant until,
        @Nullable String startedBy,
        @Nullable Point point) {

    /**
     * @param cursor of the next page of {@code vendor}
     * @param next what follows; null: all vendors that do
     * @param left vendors that were left out so far
     */
    public record Point(
            BilledVendor vendor,
            @Nullable String cursor,
            ReconciliationProgress progress,
            @Nullable List<Gap> next,
            @Nullable List<Gap> left) {}

    public static ReconciliationInput ofRun(String runId) {
        return new ReconciliationInput(runId, null, null, null, null);
    }

    public static ReconciliationInput daily() {
        return new ReconciliationInput(null, null, null, "schedule", null);
    }
}
