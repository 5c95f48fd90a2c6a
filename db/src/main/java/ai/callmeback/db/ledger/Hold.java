package ai.callmeback.db.ledger;

import ai.callmeback.domain.Credits;
import ai.callmeback.domain.UserId;
import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A hold as it is now.
 *
 * @param credits set aside in all, growth included
 * @param captured charged; zero while open
 * @param released given back; less than the rest if a grant had expired by then
 * @param owed charged after expiry beyond what was available, still a receivable or recovered since
 * @param flaggedAt when a sweep found it overdue with a dial intended
 */
public record Hold(
        UUID holdId,
        UserId userId,
        HoldState state,
        Credits credits,
        Credits captured,
        Credits released,
        Credits owed,
        boolean dialIntended,
        Instant expiresAt,
        @Nullable Instant flaggedAt) {}
