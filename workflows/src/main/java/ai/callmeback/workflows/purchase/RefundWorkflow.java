package ai.callmeback.workflows.purchase;

import io.temporal.workflow.SignalMethod;
import io.temporal.workflow.WorkflowInterface;
import io.temporal.workflow.WorkflowMethod;

/** One refund of a payment, weeks or months after it, until nothing can change any more. */
@WorkflowInterface
public interface RefundWorkflow {
    @WorkflowMethod
    void run(ReturnInput input);

    /** It moved; how, is asked of the vendor. */
    @SignalMethod
    void moved();
}
