package ai.callmeback.db.price;

import ai.callmeback.domain.UnitPrice;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A row of the price book with its validity.
 *
 * @param model empty: any model without a price of its own
 * @param unitPrice null: from then on there is none
 * @param validUntil exclusive; null while it is the latest
 * @param source {@code api}, {@code manual} or {@code inferred}
 */
public record BookedPrice(
        String vendor,
        String operation,
        String model,
        String unit,
        @Nullable UnitPrice unitPrice,
        Instant validFrom,
        @Nullable Instant validUntil,
        String source,
        String note) {}
