package ai.callmeback.db.ledger;

import java.util.List;
import java.util.UUID;

/**
 * What one sweep did.
 *
 * @param expired holds given back
 * @param flagged overdue holds with a dial intent, flagged for the first time
 * @param brokenGrants grants whose unused rest became breakage
 * @param collectedGrants grants of refunded payments whose returned seconds were taken
 */
public record SweepReport(
        List<UUID> expired, List<UUID> flagged, List<UUID> brokenGrants, List<UUID> collectedGrants) {}
