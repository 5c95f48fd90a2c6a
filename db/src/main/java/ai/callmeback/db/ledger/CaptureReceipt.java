package ai.callmeback.db.ledger;

import ai.callmeback.domain.Credits;
import ai.callmeback.domain.UsdMicros;
import java.util.List;
import java.util.UUID;

/**
 * @param captured charged: from the hold, or after its expiry from what was available
 * @param released given back and available again
 * @param broken released into grants that had expired: not given back
 * @param uncovered asked for beyond the hold: never charged
 * @param owed charged after expiry beyond what was available: a receivable
 * @param revenue recognised by this capture
 * @param slices what was charged, by grant
 */
public record CaptureReceipt(
        long postingId,
        UUID holdId,
        Credits captured,
        Credits released,
        Credits broken,
        Credits uncovered,
        Credits owed,
        UsdMicros revenue,
        List<Slice> slices) {}
