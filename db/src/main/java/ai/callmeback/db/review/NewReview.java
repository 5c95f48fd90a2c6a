package ai.callmeback.db.review;

import ai.callmeback.domain.CallId;
import ai.callmeback.domain.Credits;
import ai.callmeback.domain.UserId;
import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A decision of finance about a call's charge.
 *
 * @param credits what comes back; null: all that is left of the charge. Only when it is reversed
 */
public record NewReview(
        UUID id,
        CallId callId,
        UserId reviewer,
        String idempotencyKey,
        ChargeReview.Verdict verdict,
        @Nullable Credits credits,
        String note,
        Instant at) {
    public NewReview {
        if (verdict == ChargeReview.Verdict.ACCEPTED && credits != null) {
            throw new IllegalArgumentException("a charge that is accepted gives nothing back, not " + credits);
        }
    }
}
