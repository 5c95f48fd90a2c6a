package ai.callmeback.db.ledger;

import ai.callmeback.domain.Credits;
import java.util.UUID;

/**
 * @param released available again
 * @param broken belonged to grants that had expired: booked as breakage
 */
public record ReleaseReceipt(long postingId, UUID holdId, Credits released, Credits broken) {}
