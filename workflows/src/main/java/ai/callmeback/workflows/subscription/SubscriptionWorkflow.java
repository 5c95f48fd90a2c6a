package ai.callmeback.workflows.subscription;

import ai.callmeback.domain.subscription.SubscriptionStatus;
import io.temporal.workflow.QueryMethod;
import io.temporal.workflow.SignalMethod;
import io.temporal.workflow.WorkflowInterface;
import io.temporal.workflow.WorkflowMethod;

/**
 * One subscription, from its checkout to its end, a run for each period. It may be started again at any time, also when it
 * was over: it begins by asking how things stand.
 */
@WorkflowInterface
public interface SubscriptionWorkflow {
    @WorkflowMethod
    SubscriptionStatus run(SubscriptionInput input);

    /** Something happened at the vendor, or a change is wanted; what, is asked. Repeats and disorder do not matter. */
    @SignalMethod
    void moved();

    @QueryMethod
    SubscriptionStatus status();
}
