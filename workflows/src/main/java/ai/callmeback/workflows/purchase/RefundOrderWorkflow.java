package ai.callmeback.workflows.purchase;

import io.temporal.workflow.WorkflowInterface;
import io.temporal.workflow.WorkflowMethod;

/** One refund ordered by finance, until the payment vendor has taken it on or refused it; then {@link RefundWorkflow}. */
@WorkflowInterface
public interface RefundOrderWorkflow {
    /** @param orderId of the order in Postgres, where everything else is */
    @WorkflowMethod
    void run(String orderId);
}
