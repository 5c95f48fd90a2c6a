package ai.callmeback.activities.subscription;

import ai.callmeback.activities.purchase.SubscriptionSigns;
import ai.callmeback.domain.subscription.SubscriptionId;
import ai.callmeback.workflows.subscription.SubscriptionInput;
import ai.callmeback.workflows.subscription.SubscriptionWorkflow;
import ai.callmeback.workflows.subscription.SubscriptionWorkflows;
import io.temporal.client.BatchRequest;
import io.temporal.client.WorkflowClient;
import org.springframework.stereotype.Component;

/**
 * Signals the workflows of subscriptions; one that is over, or was never begun, is started and asks how things stand. Calls
 * block; while Temporal is down, for seconds.
 */
@Component
class SubscriptionStarter implements SubscriptionSigns {
    private final WorkflowClient temporal;

    SubscriptionStarter(WorkflowClient temporal) {
        this.temporal = temporal;
    }

    @Override
    public void moved(SubscriptionId id) {
        SubscriptionWorkflow workflow =
                temporal.newWorkflowStub(SubscriptionWorkflow.class, SubscriptionWorkflows.startOptions(id));
        BatchRequest request = temporal.newSignalWithStartRequest();
        request.add(workflow::run, new SubscriptionInput(id, 0));
        request.add(workflow::moved);
        temporal.signalWithStart(request);
    }
}
