package ai.callmeback.db.ledger;

import ai.callmeback.domain.Credits;
import ai.callmeback.domain.UsdMicros;

/**
 * @param recovered taken from available credits
 * @param stillOwed left for the next time
 */
public record RecoverReceipt(long postingId, Credits recovered, Credits stillOwed, UsdMicros revenue) {}
