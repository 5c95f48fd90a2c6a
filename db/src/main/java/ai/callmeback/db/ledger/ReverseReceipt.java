package ai.callmeback.db.ledger;

import ai.callmeback.domain.Credits;
import ai.callmeback.domain.UsdMicros;

/**
 * @param returned available again
 * @param replaced of those, as a goodwill grant, because their own grant has expired
 * @param revenue unwound, as the slices recorded it
 */
public record ReverseReceipt(long postingId, Credits returned, Credits replaced, UsdMicros revenue) {}
