package ai.callmeback.db.reconcile;

import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * One run over a range of time.
 *
 * @param startedBy a person's id, {@code schedule} or {@code temporal}
 * @param progress a JSON object, as the run last kept it
 * @param finishedAt null while it runs
 */
public record ReconciliationRun(
        UUID id,
        Instant from,
        Instant until,
        String startedBy,
        String progress,
        Instant createdAt,
        @Nullable Instant finishedAt) {}
