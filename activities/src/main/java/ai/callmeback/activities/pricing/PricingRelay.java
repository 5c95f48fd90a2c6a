package ai.callmeback.activities.pricing;

import ai.callmeback.db.price.PriceRefresh;
import ai.callmeback.db.price.PriceRefreshes;
import ai.callmeback.workflows.call.CallWorkflows;
import ai.callmeback.workflows.pricing.PricingInput;
import ai.callmeback.workflows.pricing.PricingRefreshWorkflow;
import ai.callmeback.workflows.pricing.PricingWorkflows;
import io.temporal.api.enums.v1.WorkflowIdConflictPolicy;
import io.temporal.client.WorkflowClient;
import io.temporal.client.WorkflowOptions;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;

/** Starts the workflows of refreshes that finance has asked for, and makes sure of them until they are over. */
@Component
public class PricingRelay {
    private static final Logger log = LoggerFactory.getLogger(PricingRelay.class);
    private static final int BATCH = 10;
    private static final Duration DATABASE = Duration.ofSeconds(8);
    private static final Duration LOOK_AGAIN = Duration.ofSeconds(30);

    private final PriceRefreshes runs;
    private final WorkflowClient temporal;
    private final InstantSource clock;

    PricingRelay(PriceRefreshes runs, WorkflowClient temporal, InstantSource clock) {
        this.runs = runs;
        this.temporal = temporal;
        this.clock = clock;
    }

    /** Answers how many were started, or found running. */
    public int round() {
        List<PriceRefresh> due = runs.due(BATCH, LOOK_AGAIN, clock.instant())
                .collectList()
                .blockOptional(DATABASE)
                .orElse(List.of());
        int started = 0;
        for (PriceRefresh run : due) {
            try {
                start(run.id().toString());
                started++;
            } catch (RuntimeException e) {
                log.warn(
                        "prices {} could not be asked for yet: {}",
                        run.id(),
                        e.getClass().getSimpleName());
            }
        }
        return started;
    }

    private void start(String runId) {
        PricingRefreshWorkflow workflow = temporal.newWorkflowStub(
                PricingRefreshWorkflow.class,
                WorkflowOptions.newBuilder()
                        .setTaskQueue(CallWorkflows.TASK_QUEUE)
                        .setWorkflowId(PricingWorkflows.workflowId(runId))
                        .setWorkflowIdConflictPolicy(WorkflowIdConflictPolicy.WORKFLOW_ID_CONFLICT_POLICY_USE_EXISTING)
                        .setStaticSummary("Prices asked for by finance")
                        .build());
        WorkflowClient.start(workflow::run, PricingInput.ofRun(runId));
    }
}
