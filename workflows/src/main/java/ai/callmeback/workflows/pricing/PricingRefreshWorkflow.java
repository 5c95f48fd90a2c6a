package ai.callmeback.workflows.pricing;

import io.temporal.workflow.QueryMethod;
import io.temporal.workflow.WorkflowInterface;
import io.temporal.workflow.WorkflowMethod;

/** Reads all vendors' prices; started by finance, by the daily schedule, or in the Temporal UI with {@code {}} as input. */
@WorkflowInterface
public interface PricingRefreshWorkflow {
    @WorkflowMethod
    PricingProgress run(PricingInput input);

    @QueryMethod
    PricingProgress progress();
}
