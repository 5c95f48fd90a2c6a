package ai.callmeback.workflows.call;

import ai.callmeback.domain.CallId;
import io.temporal.activity.ActivityInterface;
import org.jspecify.annotations.Nullable;

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

    /**
     * @param decision {@code CHARGED}, {@code NOT_CHARGED} or {@code PENDING} (an operator stopped charging: ask later)
     * @param policy {@link ai.callmeback.domain.settlement.ChargePolicy} by its code; histories from before there was one have
     *     none
     */
    record Settled(
            String decision,
            String reason,
            int billedSeconds,
            int chargedSeconds,
            @Nullable String policy) {}

    record Costs(long totalMicros, boolean complete) {}
}
