package ai.callmeback.workflows.purchase;

import io.temporal.workflow.Workflow;
import java.time.Duration;
import java.util.function.BooleanSupplier;

/** Money on its way back: asks at each sign, and once in a while without one, until nothing more is to come. */
final class ReturnWatch {
    private static final Duration LOOK = Duration.ofDays(1);
    /** Longer than any vendor takes; after that a sign starts the workflow anew. */
    private static final int LOOKS = 120;

    private boolean moved;

    /** @param apply brings our books to what the vendor says, and answers whether more is to come */
    void until(BooleanSupplier apply) {
        boolean open = apply.getAsBoolean();
        for (int look = 0; open && look < LOOKS; look++) {
            Workflow.await(LOOK, () -> moved);
            moved = false;
            open = apply.getAsBoolean();
        }
    }

    void moved() {
        moved = true;
    }
}
