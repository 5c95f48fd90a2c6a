package ai.callmeback.workflows.reconcile;

import ai.callmeback.workflows.reconcile.ReconciliationActivities.Page;
import ai.callmeback.workflows.reconcile.ReconciliationActivities.Range;
import io.temporal.activity.ActivityOptions;
import io.temporal.common.RetryOptions;
import io.temporal.failure.ActivityFailure;
import io.temporal.failure.CanceledFailure;
import io.temporal.workflow.Workflow;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Page by page, vendor by vendor. A page is its own step, so a death repeats at most one; long runs continue as new. A vendor
 * that does not answer in time is left out, and the others are held all the same: the run ends incomplete, and can be resumed.
 */
public final class ReconciliationWorkflowImpl implements ReconciliationWorkflow {
    /** A page is one request of at most 100 records, and as many round trips to the database. */
    private static final Duration STEP = Duration.ofMinutes(2);

    /** All tries of one step together. */
    private static final Duration VENDOR_PATIENCE = Duration.ofMinutes(10);

    private static final int VENDOR_TRIES = 10;

    private static ReconciliationActivities activities(
            ActivityOptions.Builder options, int tries, Duration longestPause) {
        return Workflow.newActivityStub(
                ReconciliationActivities.class,
                options.setStartToCloseTimeout(STEP)
                        .setRetryOptions(RetryOptions.newBuilder()
                                .setInitialInterval(Duration.ofSeconds(1))
                                .setMaximumInterval(longestPause)
                                .setMaximumAttempts(tries)
                                .build())
                        .build());
    }

    /** The database alone; it comes back. */
    private final ReconciliationActivities keeping = activities(ActivityOptions.newBuilder(), 0, Duration.ofMinutes(5));

    /** Of a run that began when vendors were waited for without end, the same as {@link #keeping}. */
    private ReconciliationActivities asking = keeping;

    private String runId = "";
    private ReconciliationProgress progress = ReconciliationProgress.NONE;
    private final List<Gap> left = new ArrayList<>();

    @Override
    public ReconciliationProgress run(ReconciliationInput input) {
        runId = input.runId() == null ? Workflow.randomUUID().toString() : input.runId();
        String by = input.startedBy() == null ? "temporal" : input.startedBy();
        Range range = keeping.beginRun(runId, input.from(), input.until(), by);
        boolean four = Workflow.getVersion("four-vendors", Workflow.DEFAULT_VERSION, 1) == 1;
        boolean bounded = Workflow.getVersion("vendor-away", Workflow.DEFAULT_VERSION, 1) == 1;
        List<Gap> todo = todo(input.point(), four, bounded);
        if (bounded) {
            asking = activities(
                    ActivityOptions.newBuilder().setScheduleToCloseTimeout(VENDOR_PATIENCE),
                    VENDOR_TRIES,
                    Duration.ofMinutes(2));
        }
        for (int i = 0; i < todo.size(); i++) {
            hold(range, todo.get(i), todo.subList(i + 1, todo.size()));
        }
        if (bounded) {
            keeping.endRun(runId, progress, left);
        } else {
            keeping.finishRun(runId, progress);
        }
        describe(left.isEmpty() ? "Over" : "Incomplete, without " + names(left));
        return progress;
    }

    /** What is to be held: what an earlier execution has left over, what a run that is resumed left out, or all. */
    private List<Gap> todo(ReconciliationInput.@Nullable Point point, boolean four, boolean bounded) {
        List<BilledVendor> vendors = Arrays.stream(BilledVendor.values())
                .limit(four ? BilledVendor.values().length : 2)
                .toList();
        List<Gap> todo = new ArrayList<>();
        if (point != null) {
            progress = point.progress();
            left.addAll(point.left() == null ? List.of() : point.left());
            todo.add(new Gap(point.vendor(), point.cursor(), false, ""));
            if (point.next() != null) {
                todo.addAll(point.next());
            } else {
                vendors.stream()
                        .dropWhile(vendor -> vendor != point.vendor())
                        .skip(1)
                        .map(Gap::all)
                        .forEach(todo::add);
            }
            return todo;
        }
        ReconciliationActivities.LeftOut resumed = bounded ? keeping.leftOut(runId) : null;
        if (resumed != null && !resumed.gaps().isEmpty()) {
            progress = resumed.progress();
            return resumed.gaps();
        }
        vendors.stream().map(Gap::all).forEach(todo::add);
        return todo;
    }

    private void hold(Range range, Gap part, List<Gap> next) {
        BilledVendor vendor = part.vendor();
        @Nullable String cursor = part.cursor();
        boolean pagesHeld = part.pagesHeld();
        try {
            while (!pagesHeld) {
                describe("Holding " + vendor + "'s records against our books");
                Page page = asking.holdPage(runId, range, vendor, cursor, progress);
                progress = page.progress();
                cursor = page.next();
                pagesHeld = cursor == null;
                if (!pagesHeld && Workflow.getInfo().isContinueAsNewSuggested()) {
                    Workflow.continueAsNew(new ReconciliationInput(
                            runId,
                            range.from(),
                            range.until(),
                            null,
                            new ReconciliationInput.Point(
                                    vendor, cursor, progress, List.copyOf(next), List.copyOf(left))));
                }
            }
            progress = asking.findMissing(runId, range, vendor, progress);
        } catch (ActivityFailure e) {
            if (e.getCause() instanceof CanceledFailure) {
                throw e;
            }
            left.add(new Gap(
                    vendor,
                    cursor,
                    pagesHeld,
                    "no answer that can be used in " + VENDOR_TRIES + " tries or " + VENDOR_PATIENCE.toMinutes()
                            + " minutes"));
        }
    }

    private static String names(List<Gap> gaps) {
        return gaps.stream().map(gap -> gap.vendor().name()).collect(Collectors.joining(", "));
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
