package ai.callmeback.workflows.call;

import ai.callmeback.domain.CallId;
import io.temporal.activity.ActivityInterface;

/** Money: once per call, whatever is repeated. */
@ActivityInterface
public interface SettlementActivities {
    /**
     * Decides whether the call is charged and captures or releases its hold. Works for unanswered calls too. A repeat
     * answers the first settlement.
     */
    Settled settle(CallId callId);

    /** Writes the final cost lines; a repeat, or one with later usage, writes corrections only. */
    Costs recordCosts(CallId callId);

    /** @param decision {@code CHARGED}, {@code NOT_CHARGED} or {@code PENDING} (an operator stopped charging: ask later) */
    record Settled(String decision, String reason, int billedSeconds, int chargedSeconds) {}

    record Costs(long totalMicros, boolean complete) {}
}
