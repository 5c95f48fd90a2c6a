package ai.callmeback.db.call;

import java.time.Instant;

/**
 * A media leg whose worker did not live to say that it was over.
 *
 * @param lastSign its last journal line or the last renewal of its lease, whichever is later
 */
public record LostLeg(int mediaLeg, int attempt, Instant claimedAt, Instant lastSign) {}
