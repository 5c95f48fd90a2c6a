package ai.callmeback.db.subscription;

import ai.callmeback.domain.Credits;
import ai.callmeback.domain.UsdMicros;
import ai.callmeback.domain.subscription.SubscriptionId;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * How a person's plan stands in the present period.
 *
 * @param warningCalls a warning from this many calls; null but by fair use
 * @param furtherCall what a call of five minutes beyond the plan costs; null when none is sold
 * @param granted talk of the period in all
 * @param available of it, neither used nor set aside
 */
public record PlanStanding(
        SubscriptionId subscriptionId,
        String planCode,
        Instant startsAt,
        Instant endsAt,
        long callsLimit,
        long callsUsed,
        @Nullable Long warningCalls,
        @Nullable UsdMicros furtherCall,
        Credits granted,
        Credits available) {

    public boolean fairUse() {
        return warningCalls != null;
    }

    public boolean callsUsedUp() {
        return callsUsed >= callsLimit;
    }
}
