package ai.callmeback.workflows.reconcile;

import io.temporal.workflow.QueryMethod;
import io.temporal.workflow.WorkflowInterface;
import io.temporal.workflow.WorkflowMethod;

/** One run over a range; started by finance, by the daily schedule, or in the Temporal UI with {@code {}} as input. */
@WorkflowInterface
public interface ReconciliationWorkflow {
    @WorkflowMethod
    ReconciliationProgress run(ReconciliationInput input);

    @QueryMethod
    ReconciliationProgress progress();
}
