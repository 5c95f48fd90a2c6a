package ai.callmeback.db.review;

import ai.callmeback.domain.Credits;
import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * That somebody of finance looked at a charge.
 *
 * @param returned what came back to the user; none when the charge stands
 * @param postingId the reversing posting; null when the charge stands
 */
public record ChargeReview(
        UUID id,
        Verdict verdict,
        Credits returned,
        String note,
        @Nullable Long postingId,
        Instant at) {

    /** What was decided. */
    public enum Verdict {
        ACCEPTED,
        REVERSED
    }
}
