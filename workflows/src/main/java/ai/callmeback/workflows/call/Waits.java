package ai.callmeback.workflows.call;

import io.temporal.workflow.CancellationScope;
import io.temporal.workflow.Promise;
import io.temporal.workflow.TimerOptions;
import io.temporal.workflow.Workflow;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;

/** Waiting in workflow time. */
final class Waits {
    private Waits() {}

    static Instant now() {
        return Instant.ofEpochMilli(Workflow.currentTimeMillis());
    }

    /** Waits for the condition, at most {@code patience}; answers whether it came true. The timer says what it is for. */
    static boolean until(Duration patience, String summary, Supplier<Boolean> condition) {
        if (condition.get() || patience.isNegative() || patience.isZero()) {
            return condition.get();
        }
        var timer = new AtomicReference<Promise<Void>>();
        CancellationScope scope = Workflow.newCancellationScope(() -> timer.set(Workflow.newTimer(
                patience, TimerOptions.newBuilder().setSummary(summary).build())));
        scope.run();
        Workflow.await(() -> condition.get() || timer.get().isCompleted());
        scope.cancel();
        return condition.get();
    }
}
