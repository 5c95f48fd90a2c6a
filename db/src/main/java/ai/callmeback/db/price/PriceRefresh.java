package ai.callmeback.db.price;

import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * One reading of all vendors' prices.
 *
 * @param startedBy a person's id, {@code schedule} or {@code temporal}
 * @param progress a JSON object, as the run last kept it
 * @param finishedAt null while it runs
 */
public record PriceRefresh(
        UUID id,
        String startedBy,
        String progress,
        Instant createdAt,
        @Nullable Instant finishedAt) {}
