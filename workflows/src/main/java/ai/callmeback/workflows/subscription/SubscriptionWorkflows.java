package ai.callmeback.workflows.subscription;

import ai.callmeback.domain.subscription.SubscriptionId;
import ai.callmeback.workflows.purchase.PurchaseWorkflows;
import io.temporal.client.WorkflowOptions;

/** Names and start options. */
public final class SubscriptionWorkflows {
    private SubscriptionWorkflows() {}

    public static String workflowId(SubscriptionId id) {
        return "subscription-" + id;
    }

    /** As with a purchase: finds a running one, starts again one that is over. */
    public static WorkflowOptions startOptions(SubscriptionId id) {
        return PurchaseWorkflows.startOptions(workflowId(id), "Subscription " + id);
    }
}
