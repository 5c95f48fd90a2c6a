package ai.callmeback.workflows.purchase;

/** A single step, tried however long it takes: an order that was accepted is neither lost nor done twice. */
public final class RefundOrderWorkflowImpl implements RefundOrderWorkflow {
    private final RefundOrderActivities activities = PurchaseWorkflows.stub(RefundOrderActivities.class);

    @Override
    public void run(String orderId) {
        activities.issueRefund(orderId);
    }
}
