package ai.callmeback.workflows.purchase;

import io.temporal.workflow.Workflow;
import java.time.Duration;

/** Asks at each sign, and once in a while without one. */
public final class DisputeWorkflowImpl implements DisputeWorkflow {
    private static final Duration LOOK = Duration.ofDays(1);
    /** Longer than any vendor takes; after that a sign starts the workflow anew. */
    private static final int LOOKS = 120;

    private final ReturnActivities activities = PurchaseWorkflows.stub(ReturnActivities.class);
    private boolean moved;

    @Override
    public void run(ReturnInput input) {
        boolean open = activities.applyDispute(input.id());
        for (int look = 0; open && look < LOOKS; look++) {
            Workflow.await(LOOK, () -> moved);
            moved = false;
            open = activities.applyDispute(input.id());
        }
    }

    @Override
    public void moved() {
        moved = true;
    }
}
