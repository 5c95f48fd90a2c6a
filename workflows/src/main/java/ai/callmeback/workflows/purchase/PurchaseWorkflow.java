package ai.callmeback.workflows.purchase;

import ai.callmeback.domain.purchase.PurchaseStatus;
import io.temporal.workflow.QueryMethod;
import io.temporal.workflow.SignalMethod;
import io.temporal.workflow.WorkflowInterface;
import io.temporal.workflow.WorkflowMethod;

/**
 * One purchase: opens the checkout, waits for the payer, asks the vendor what was paid, credits it, sends the receipt and
 * books the fee. It may be started again at any time, also when it was over: it begins by asking how things stand.
 */
@WorkflowInterface
public interface PurchaseWorkflow {
    @WorkflowMethod
    PurchaseStatus run(PurchaseInput input);

    /** Something happened to the payment; what, is asked of the vendor. Repeats and disorder do not matter. */
    @SignalMethod
    void paymentMoved();

    @QueryMethod
    PurchaseStatus status();
}
