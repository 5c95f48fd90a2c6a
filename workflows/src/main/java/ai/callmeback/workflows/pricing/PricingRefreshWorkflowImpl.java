package ai.callmeback.workflows.pricing;

import io.temporal.activity.ActivityOptions;
import io.temporal.common.RetryOptions;
import io.temporal.failure.ActivityFailure;
import io.temporal.failure.CanceledFailure;
import io.temporal.workflow.Workflow;
import java.time.Duration;

/** Source by source. One that cannot be read is left for tomorrow: its prices stay, and the others are read all the same. */
public final class PricingRefreshWorkflowImpl implements PricingRefreshWorkflow {
    private static final Duration STEP = Duration.ofMinutes(1);
    private static final int READINGS = 5;

    private final PricingActivities reading = activities(READINGS);
    /** The database alone; it comes back. */
    private final PricingActivities keeping = activities(0);

    private PricingProgress progress = PricingProgress.NONE;

    private static PricingActivities activities(int attempts) {
        return Workflow.newActivityStub(
                PricingActivities.class,
                ActivityOptions.newBuilder()
                        .setStartToCloseTimeout(STEP)
                        .setRetryOptions(RetryOptions.newBuilder()
                                .setInitialInterval(Duration.ofSeconds(2))
                                .setMaximumInterval(Duration.ofMinutes(1))
                                .setMaximumAttempts(attempts)
                                .build())
                        .build());
    }

    @Override
    public PricingProgress run(PricingInput input) {
        String runId = input.runId() == null ? Workflow.randomUUID().toString() : input.runId();
        keeping.beginRefresh(runId, input.startedBy() == null ? "temporal" : input.startedBy());
        for (PriceSource source : PriceSource.values()) {
            describe("Reading " + source);
            try {
                progress = reading.readPrices(runId, source, progress);
            } catch (ActivityFailure e) {
                if (e.getCause() instanceof CanceledFailure) {
                    throw e;
                }
                progress = progress.plus(PricingProgress.FAILED);
            }
        }
        keeping.finishRefresh(runId, progress);
        describe("Over");
        return progress;
    }

    private void describe(String words) {
        Workflow.setCurrentDetails(words + ": " + progress.read() + " read, " + progress.changed() + " changed, "
                + progress.held() + " held for finance, " + progress.pagesChanged() + " pages changed, "
                + progress.sourcesFailed() + " sources failed");
    }

    @Override
    public PricingProgress progress() {
        return progress;
    }
}
