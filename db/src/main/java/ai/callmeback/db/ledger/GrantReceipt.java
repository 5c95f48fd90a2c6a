package ai.callmeback.db.ledger;

import ai.callmeback.domain.Credits;
import java.util.UUID;

/** @param grantId made from the key, so the same for every try */
public record GrantReceipt(long postingId, UUID grantId, Credits credits) {}
