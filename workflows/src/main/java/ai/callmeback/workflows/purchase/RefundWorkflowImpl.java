package ai.callmeback.workflows.purchase;

/** See {@link ReturnWatch}. */
public final class RefundWorkflowImpl implements RefundWorkflow {
    private final ReturnActivities activities = PurchaseWorkflows.stub(ReturnActivities.class);
    private final ReturnWatch watch = new ReturnWatch();

    @Override
    public void run(ReturnInput input) {
        watch.until(() -> activities.applyRefund(input.id()));
    }

    @Override
    public void moved() {
        watch.moved();
    }
}
