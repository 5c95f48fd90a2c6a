package ai.callmeback.activities.topup;

import ai.callmeback.activities.purchase.CardSetupSigns;
import ai.callmeback.activities.purchase.Waiting;
import ai.callmeback.db.topup.CardSetups;
import ai.callmeback.domain.topup.CardSetupId;
import ai.callmeback.workflows.topup.CardSetupInput;
import ai.callmeback.workflows.topup.CardSetupWorkflow;
import ai.callmeback.workflows.topup.CardSetupWorkflows;
import io.temporal.client.BatchRequest;
import io.temporal.client.WorkflowClient;
import org.springframework.stereotype.Component;

/** Signals the workflows; one that is over, or was never begun, is started. Calls block; while Temporal is down, for seconds. */
@Component
class CardSetupStarter implements CardSetupSigns {
    private final WorkflowClient temporal;
    private final CardSetups setups;

    CardSetupStarter(WorkflowClient temporal, CardSetups setups) {
        this.temporal = temporal;
        this.setups = setups;
    }

    @Override
    public boolean moved(CardSetupId id) {
        if (Waiting.find(setups.find(id)).isEmpty()) {
            return false;
        }
        CardSetupWorkflow workflow =
                temporal.newWorkflowStub(CardSetupWorkflow.class, CardSetupWorkflows.startOptions(id));
        BatchRequest request = temporal.newSignalWithStartRequest();
        request.add(workflow::run, new CardSetupInput(id));
        request.add(workflow::moved);
        temporal.signalWithStart(request);
        return true;
    }
}
