package ai.callmeback.vendors.billing;

import java.math.BigDecimal;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A call as the telephony charges it.
 *
 * @param connected it lasted for at least a second
 * @param price in {@code currency}, positive; null: not known yet
 * @param currency lower case; empty when there is no price
 */
public record BilledCall(
        String callSid,
        Instant startedAt,
        boolean connected,
        @Nullable BigDecimal price,
        String currency) {}
