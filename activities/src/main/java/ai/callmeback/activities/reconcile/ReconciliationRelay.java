package ai.callmeback.activities.reconcile;

import ai.callmeback.db.reconcile.ReconciliationRun;
import ai.callmeback.db.reconcile.ReconciliationRuns;
import ai.callmeback.workflows.call.CallWorkflows;
import ai.callmeback.workflows.reconcile.ReconciliationInput;
import ai.callmeback.workflows.reconcile.ReconciliationWorkflow;
import ai.callmeback.workflows.reconcile.ReconciliationWorkflows;
import io.temporal.api.enums.v1.WorkflowIdConflictPolicy;
import io.temporal.client.WorkflowClient;
import io.temporal.client.WorkflowOptions;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;

/** Starts the workflows of runs that finance has asked for, and makes sure of them until they are over. */
@Component
public class ReconciliationRelay {
    private static final Logger log = LoggerFactory.getLogger(ReconciliationRelay.class);
    private static final int BATCH = 10;
    private static final Duration DATABASE = Duration.ofSeconds(8);
    private static final Duration LOOK_AGAIN = Duration.ofSeconds(30);

    private final ReconciliationRuns runs;
    private final WorkflowClient temporal;
    private final InstantSource clock;

    ReconciliationRelay(ReconciliationRuns runs, WorkflowClient temporal, InstantSource clock) {
        this.runs = runs;
        this.temporal = temporal;
        this.clock = clock;
    }

    /** Answers how many were started, or found running. */
    public int round() {
        List<ReconciliationRun> due = runs.due(BATCH, LOOK_AGAIN, clock.instant())
                .collectList()
                .blockOptional(DATABASE)
                .orElse(List.of());
        int started = 0;
        for (ReconciliationRun run : due) {
            try {
                start(run.id().toString());
                started++;
            } catch (RuntimeException e) {
                log.warn(
                        "reconciliation {} could not be started yet: {}",
                        run.id(),
                        e.getClass().getSimpleName());
            }
        }
        return started;
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
