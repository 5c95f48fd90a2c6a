package ai.callmeback.workflows.reconcile;

import ai.callmeback.workflows.reconcile.ReconciliationActivities.Page;
import ai.callmeback.workflows.reconcile.ReconciliationActivities.Range;
import io.temporal.activity.ActivityOptions;
import io.temporal.common.RetryOptions;
import io.temporal.workflow.Workflow;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Page by page, vendor by vendor. A page is its own step, so a death repeats at most one; long runs continue as new. */
public final class ReconciliationWorkflowImpl implements ReconciliationWorkflow {
    /** A page is one request of at most 100 records, and as many round trips to the database. */
    private static final Duration STEP = Duration.ofMinutes(2);

    private final ReconciliationActivities activities = Workflow.newActivityStub(
            ReconciliationActivities.class,
            ActivityOptions.newBuilder()
                    .setStartToCloseTimeout(STEP)
                    .setRetryOptions(RetryOptions.newBuilder()
                            .setInitialInterval(Duration.ofSeconds(1))
                            .setMaximumInterval(Duration.ofMinutes(5))
                            .build())
                    .build());

    private ReconciliationProgress progress = ReconciliationProgress.NONE;

    @Override
    public ReconciliationProgress run(ReconciliationInput input) {
        String runId = input.runId() == null ? Workflow.randomUUID().toString() : input.runId();
        String by = input.startedBy() == null ? "temporal" : input.startedBy();
        Range range = activities.beginRun(runId, input.from(), input.until(), by);
        ReconciliationInput.Point point = input.point();
        BilledVendor first = point == null ? BilledVendor.TWILIO : point.vendor();
        String cursor = point == null ? null : point.cursor();
        progress = point == null ? ReconciliationProgress.NONE : point.progress();
        boolean four = Workflow.getVersion("four-vendors", Workflow.DEFAULT_VERSION, 1) == 1;
        List<BilledVendor> left = Arrays.stream(BilledVendor.values())
                .limit(four ? BilledVendor.values().length : 2)
                .dropWhile(vendor -> vendor != first)
                .toList();
        for (BilledVendor vendor : left) {
            pages(runId, range, vendor, cursor);
            cursor = null;
            progress = activities.findMissing(runId, range, vendor, progress);
        }
        activities.finishRun(runId, progress);
        describe("Over");
        return progress;
    }

    private void pages(String runId, Range range, BilledVendor vendor, @Nullable String from) {
        String cursor = from;
        do {
            describe("Holding " + vendor + "'s records against our books");
            Page page = activities.holdPage(runId, range, vendor, cursor, progress);
            progress = page.progress();
            cursor = page.next();
            if (cursor != null && Workflow.getInfo().isContinueAsNewSuggested()) {
                Workflow.continueAsNew(new ReconciliationInput(
                        runId,
                        range.from(),
                        range.until(),
                        null,
                        new ReconciliationInput.Point(vendor, cursor, progress)));
            }
        } while (cursor != null);
    }

    private void describe(String words) {
        Workflow.setCurrentDetails(words + ": " + progress.records() + " records, " + progress.corrected()
                + " corrected, " + progress.leftovers() + " left over, " + progress.casesOpened() + " new cases");
    }

    @Override
    public ReconciliationProgress progress() {
        return progress;
    }
}
