package ai.callmeback.db.reconcile;

import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * One run over a range of time.
 *
 * @param startedBy a person's id, {@code schedule} or {@code temporal}
 * @param progress a JSON object, as the run last kept it
 * @param gaps a JSON array: what the run has left out so far, as its workflow keeps it
 * @param finishedAt null while it runs
 */
public record ReconciliationRun(
        UUID id,
        Instant from,
        Instant until,
        String startedBy,
        String progress,
        String gaps,
        Instant createdAt,
        @Nullable Instant finishedAt) {}
