package ai.callmeback.activities.pricing;

import ai.callmeback.activities.temporal.AskedRuns;
import ai.callmeback.db.price.PriceRefreshes;
import ai.callmeback.workflows.call.CallWorkflows;
import ai.callmeback.workflows.pricing.PricingInput;
import ai.callmeback.workflows.pricing.PricingRefreshWorkflow;
import ai.callmeback.workflows.pricing.PricingWorkflows;
import io.temporal.api.enums.v1.WorkflowIdConflictPolicy;
import io.temporal.client.WorkflowClient;
import io.temporal.client.WorkflowOptions;
import java.time.InstantSource;
import org.springframework.stereotype.Component;

/** Starts the workflows of refreshes that finance has asked for, and makes sure of them until they are over. */
@Component
public class PricingRelay {
    private final AskedRuns asked;
    private final WorkflowClient temporal;

    PricingRelay(PriceRefreshes runs, WorkflowClient temporal, InstantSource clock) {
        this.asked = new AskedRuns(runs, this::start, "price refresh", clock);
        this.temporal = temporal;
    }

    /** Answers how many were started, or found running. */
    public int round() {
        return asked.round();
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
