package ai.callmeback.activities.purchase;

import ai.callmeback.domain.purchase.PurchaseId;
import ai.callmeback.workflows.purchase.DisputeWorkflow;
import ai.callmeback.workflows.purchase.PurchaseInput;
import ai.callmeback.workflows.purchase.PurchaseWorkflow;
import ai.callmeback.workflows.purchase.PurchaseWorkflows;
import ai.callmeback.workflows.purchase.RefundOrderWorkflow;
import ai.callmeback.workflows.purchase.RefundWorkflow;
import ai.callmeback.workflows.purchase.ReturnInput;
import io.temporal.client.BatchRequest;
import io.temporal.client.WorkflowClient;
import io.temporal.workflow.Functions;
import java.util.function.Consumer;
import org.springframework.stereotype.Component;

/** Starts and signals the workflows about money coming in. Calls block; while Temporal is down, for seconds. */
@Component
class PurchaseStarter {
    private final WorkflowClient temporal;

    PurchaseStarter(WorkflowClient temporal) {
        this.temporal = temporal;
    }

    /** Makes sure that the purchase has its workflow. */
    void start(PurchaseId id) {
        WorkflowClient.start(purchase(id)::run, new PurchaseInput(id));
    }

    /** Signals the purchase's workflow; one that is over is started again and asks how things stand. */
    void moved(PurchaseId id) {
        PurchaseWorkflow workflow = purchase(id);
        wake(request -> request.add(workflow::run, new PurchaseInput(id)), workflow::paymentMoved);
    }

    void refundMoved(String refundId) {
        RefundWorkflow workflow = temporal.newWorkflowStub(
                RefundWorkflow.class,
                PurchaseWorkflows.startOptions(PurchaseWorkflows.refundWorkflowId(refundId), "Refund"));
        wake(request -> request.add(workflow::run, new ReturnInput(refundId)), workflow::moved);
    }

    void disputeMoved(String disputeId) {
        DisputeWorkflow workflow = temporal.newWorkflowStub(
                DisputeWorkflow.class,
                PurchaseWorkflows.startOptions(PurchaseWorkflows.disputeWorkflowId(disputeId), "Dispute"));
        wake(request -> request.add(workflow::run, new ReturnInput(disputeId)), workflow::moved);
    }

    /** Makes sure that the order has its workflow. */
    void order(String orderId) {
        RefundOrderWorkflow workflow = temporal.newWorkflowStub(
                RefundOrderWorkflow.class,
                PurchaseWorkflows.startOptions(
                        PurchaseWorkflows.refundOrderWorkflowId(orderId), "Refund ordered by finance"));
        WorkflowClient.start(workflow::run, orderId);
    }

    private void wake(Consumer<BatchRequest> start, Functions.Proc signal) {
        BatchRequest request = temporal.newSignalWithStartRequest();
        start.accept(request);
        request.add(signal);
        temporal.signalWithStart(request);
    }

    private PurchaseWorkflow purchase(PurchaseId id) {
        return temporal.newWorkflowStub(
                PurchaseWorkflow.class,
                PurchaseWorkflows.startOptions(PurchaseWorkflows.workflowId(id), "Purchase " + id));
    }
}
