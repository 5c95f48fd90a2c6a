package ai.callmeback.workflows.topup;

import ai.callmeback.domain.topup.CardSetupId;
import ai.callmeback.workflows.purchase.PurchaseWorkflows;
import io.temporal.client.WorkflowOptions;

/** Names and start options. */
public final class CardSetupWorkflows {
    private CardSetupWorkflows() {}

    public static String workflowId(CardSetupId id) {
        return "card-setup-" + id;
    }

    /** As with a purchase: finds a running one, starts again one that is over. */
    public static WorkflowOptions startOptions(CardSetupId id) {
        return PurchaseWorkflows.startOptions(workflowId(id), "Saving of a card " + id);
    }
}
