package ai.callmeback.workflows.purchase;

import ai.callmeback.domain.purchase.PurchaseId;
import ai.callmeback.workflows.call.CallWorkflows;
import io.temporal.activity.ActivityOptions;
import io.temporal.api.enums.v1.WorkflowIdConflictPolicy;
import io.temporal.api.enums.v1.WorkflowIdReusePolicy;
import io.temporal.client.WorkflowOptions;
import io.temporal.common.RetryOptions;
import io.temporal.workflow.Workflow;
import java.time.Duration;

/** Names, start options and activity policy of the workflows about money coming in. */
public final class PurchaseWorkflows {
    /** Stripe's own deadline is 8 s, twice; money is moved however long it takes. */
    private static final Duration STEP = Duration.ofSeconds(40);

    private PurchaseWorkflows() {}

    public static String workflowId(PurchaseId purchaseId) {
        return "purchase-" + purchaseId;
    }

    public static String refundWorkflowId(String refundId) {
        return "refund-" + refundId;
    }

    public static String refundOrderWorkflowId(String orderId) {
        return "refund-order-" + orderId;
    }

    public static String disputeWorkflowId(String disputeId) {
        return "dispute-" + disputeId;
    }

    /** Finds a running one; starts again one that is over, which asks how things stand and ends if nothing is to do. */
    public static WorkflowOptions startOptions(String workflowId, String summary) {
        return WorkflowOptions.newBuilder()
                .setTaskQueue(CallWorkflows.TASK_QUEUE)
                .setWorkflowId(workflowId)
                .setWorkflowIdReusePolicy(WorkflowIdReusePolicy.WORKFLOW_ID_REUSE_POLICY_ALLOW_DUPLICATE)
                .setWorkflowIdConflictPolicy(WorkflowIdConflictPolicy.WORKFLOW_ID_CONFLICT_POLICY_USE_EXISTING)
                .setStaticSummary(summary)
                .build();
    }

    /** The activities of these workflows: each step is tried however long it takes. */
    public static <T> T stub(Class<T> activities) {
        return Workflow.newActivityStub(
                activities,
                ActivityOptions.newBuilder()
                        .setStartToCloseTimeout(STEP)
                        .setRetryOptions(RetryOptions.newBuilder()
                                .setInitialInterval(Duration.ofMillis(500))
                                .setMaximumInterval(Duration.ofMinutes(1))
                                .build())
                        .build());
    }
}
