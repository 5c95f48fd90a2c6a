package ai.callmeback.vendors.billing;

import java.math.BigDecimal;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A session of the listening vendor, as it charges it.
 *
 * @param tag what we named it; empty for none
 * @param usd null where the vendor does not say; then {@code audioSeconds} times the price
 */
public record ListenedSession(
        String requestId, String tag, Instant at, @Nullable BigDecimal usd, BigDecimal audioSeconds) {}
