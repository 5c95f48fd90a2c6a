package ai.callmeback.db.ledger;

import ai.callmeback.domain.Credits;
import java.util.List;
import java.util.UUID;

/**
 * @param credits set aside in all after this posting
 * @param slices what this posting took, in burning order
 */
public record HoldReceipt(long postingId, UUID holdId, Credits credits, List<Slice> slices) {}
