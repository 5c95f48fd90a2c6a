package ai.callmeback.db.cost;

import ai.callmeback.domain.UnitPrice;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A line of the price book.
 *
 * @param validUntil exclusive; null while it is the current price
 * @param source {@code api}, {@code manual} or {@code inferred}
 */
public record Price(
        String vendor,
        String operation,
        String model,
        String unit,
        UnitPrice unitPrice,
        Instant validFrom,
        @Nullable Instant validUntil,
        String source) {}
