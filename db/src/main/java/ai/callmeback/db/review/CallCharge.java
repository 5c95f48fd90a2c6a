package ai.callmeback.db.review;

import ai.callmeback.domain.CallId;
import ai.callmeback.domain.Credits;
import ai.callmeback.domain.settlement.ChargePolicy;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A call's charge decision, without anything that was said.
 *
 * @param decision {@code PENDING}, {@code CHARGED} or {@code NOT_CHARGED}
 * @param reason the rule that decided; null while it is pending
 * @param policy of what paid for the call
 * @param connected as the telephony bills it
 * @param charged by the settlement
 * @param returned since, by reviews
 */
public record CallCharge(
        CallId callId,
        @Nullable String endedBy,
        @Nullable String endReason,
        String decision,
        @Nullable String reason,
        ChargePolicy policy,
        @Nullable Credits connected,
        @Nullable Credits charged,
        Credits returned,
        @Nullable Instant settledAt) {}
