package ai.callmeback.db.ledger;

import ai.callmeback.domain.Credits;
import ai.callmeback.domain.UsdMicros;

/**
 * @param due seconds that the amount had paid for
 * @param taken of those, taken from what was unused
 * @param unbroken of those, expired before: their breakage is unwound
 * @param receivable the price of the rest, which was used or is held, and which the user owes now
 */
public record ClawBackReceipt(long postingId, Credits due, Credits taken, Credits unbroken, UsdMicros receivable) {}
