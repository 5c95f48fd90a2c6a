package ai.callmeback.vendors.telephony;

import java.math.BigDecimal;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A call as the vendor sees it.
 *
 * @param durationSeconds connected time, the vendor's own; null until it ended
 * @param price what the vendor charged, positive, in {@code priceUnit}; null until some time after the end
 */
public record CallDetails(
        String callSid,
        TwilioCallStatus status,
        @Nullable Integer durationSeconds,
        @Nullable BigDecimal price,
        @Nullable String priceUnit,
        @Nullable AnsweredBy answeredBy,
        @Nullable Instant createdAt,
        @Nullable Instant startedAt,
        @Nullable Instant endedAt) {}
