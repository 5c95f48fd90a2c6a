package ai.callmeback.activities.reconcile;

import ai.callmeback.activities.temporal.AskedRuns;
import ai.callmeback.db.reconcile.ReconciliationRuns;
import ai.callmeback.workflows.call.CallWorkflows;
import ai.callmeback.workflows.reconcile.ReconciliationInput;
import ai.callmeback.workflows.reconcile.ReconciliationWorkflow;
import ai.callmeback.workflows.reconcile.ReconciliationWorkflows;
import io.temporal.api.enums.v1.WorkflowIdConflictPolicy;
import io.temporal.client.WorkflowClient;
import io.temporal.client.WorkflowOptions;
import java.time.InstantSource;
import org.springframework.stereotype.Component;

/** Starts the workflows of runs that finance has asked for, and makes sure of them until they are over. */
@Component
public class ReconciliationRelay {
    private final AskedRuns asked;
    private final WorkflowClient temporal;

    ReconciliationRelay(ReconciliationRuns runs, WorkflowClient temporal, InstantSource clock) {
        this.asked = new AskedRuns(runs, this::start, "reconciliation", clock);
        this.temporal = temporal;
    }

    /** Answers how many were started, or found running. */
    public int round() {
        return asked.round();
    }

    private void start(String runId) {
        ReconciliationWorkflow workflow = temporal.newWorkflowStub(
                ReconciliationWorkflow.class,
                WorkflowOptions.newBuilder()
                        .setTaskQueue(CallWorkflows.TASK_QUEUE)
                        .setWorkflowId(ReconciliationWorkflows.workflowId(runId))
                        .setWorkflowIdConflictPolicy(WorkflowIdConflictPolicy.WORKFLOW_ID_CONFLICT_POLICY_USE_EXISTING)
                        .setStaticSummary("Reconciliation asked for by finance")
                        .build());
        WorkflowClient.start(workflow::run, ReconciliationInput.ofRun(runId));
    }
}
