package ai.callmeback.workflows.call;

import ai.callmeback.domain.call.CallStatus;
import ai.callmeback.domain.policy.Limits;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;

/** Step 1: waits until the call is due. */
final class ScheduleStep {
    /** What the wait came to. */
    enum Outcome {
        DUE,
        /** It was a long wait: go on in a fresh run, so that old history is never carried into new code. */
        CONTINUE_AS_NEW,
        CANCELED,
        MISSED
    }

    private final CallContext call;
    private final CallState state;

    ScheduleStep(CallContext call) {
        this.call = call;
        this.state = call.state();
    }

    Outcome run() {
        boolean waited = false;
        while (!state.cancelAsked() && untilDue().isPositive()) {
            waited = true;
            Instant planned = state.scheduledFor();
            call.describe("Waiting until " + planned);
            call.show();
            Waits.until(
                    untilDue(),
                    "due at " + planned,
                    () -> state.cancelAsked() || !state.scheduledFor().equals(planned));
        }
        if (state.cancelAsked()) {
            return Outcome.CANCELED;
        }
        if (waited) {
            return Outcome.CONTINUE_AS_NEW;
        }
        if (tooLate()) {
            return Outcome.MISSED;
        }
        call.advance(CallStatus.DUE, null, Map.of(), "Due; being admitted");
        return Outcome.DUE;
    }

    /** Whether the promise's time has passed beyond what its user would still want. */
    boolean tooLate() {
        Duration patience = state.snapshot().immediate() ? Limits.IMMEDIATE_MISSED_AFTER : Limits.MISSED_AFTER;
        return Waits.now().isAfter(state.scheduledFor().plus(patience));
    }

    private Duration untilDue() {
        return Duration.between(Waits.now(), state.scheduledFor());
    }
}
