package ai.callmeback.workflows.reconcile;

import io.temporal.activity.ActivityInterface;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The steps of a run. Each may be repeated: what was held before is found as it is. */
@ActivityInterface
public interface ReconciliationActivities {

    /** Reads the run; keeps it first if Temporal started it by itself. */
    Range beginRun(String runId, @Nullable Instant from, @Nullable Instant until, String startedBy);

    /** Holds one page of a vendor's records against our books, and keeps how far the run is. */
    Page holdPage(
            String runId, Range range, BilledVendor vendor, @Nullable String cursor, ReconciliationProgress soFar);

    /** Looks for what is in our books and in no record of the vendor's. */
    ReconciliationProgress findMissing(String runId, Range range, BilledVendor vendor, ReconciliationProgress soFar);

    /** As {@link #endRun} without gaps; of runs that began before there were any. */
    void finishRun(String runId, ReconciliationProgress progress);

    /** What this run left out when it last ended; nothing for one that begins. */
    LeftOut leftOut(String runId);

    /** Ends the run: whole, or incomplete with a case for each gap. Cases of gaps it has held since are closed. */
    void endRun(String runId, ReconciliationProgress progress, List<Gap> gaps);

    record LeftOut(List<Gap> gaps, ReconciliationProgress progress) {
        public LeftOut {
            gaps = List.copyOf(gaps);
        }
    }

    record Range(Instant from, Instant until) {}

    /** @param next the cursor of the next page; null: that was the last */
    record Page(ReconciliationProgress progress, @Nullable String next) {}
}
