package ai.callmeback.workflows.topup;

import ai.callmeback.domain.topup.CardSetupStatus;
import io.temporal.workflow.QueryMethod;
import io.temporal.workflow.SignalMethod;
import io.temporal.workflow.WorkflowInterface;
import io.temporal.workflow.WorkflowMethod;

/**
 * One visit to the page on which a card is saved: opens it, waits, asks the vendor what was saved. It may be started again at
 * any time, also when it was over: it begins by asking how things stand.
 */
@WorkflowInterface
public interface CardSetupWorkflow {
    @WorkflowMethod
    CardSetupStatus run(CardSetupInput input);

    /** Something happened, at the vendor or here; what, is asked. Repeats and disorder do not matter. */
    @SignalMethod
    void moved();

    @QueryMethod
    CardSetupStatus status();
}
