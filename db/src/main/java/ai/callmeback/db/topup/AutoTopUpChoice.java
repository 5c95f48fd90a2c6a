package ai.callmeback.db.topup;

import ai.callmeback.domain.Credits;
import ai.callmeback.domain.UsdMicros;
import ai.callmeback.domain.UserId;
import java.time.Instant;

/**
 * What somebody consents to.
 *
 * @param productCode a pack
 * @param newCard another card shall be saved, though there is one
 */
public record AutoTopUpChoice(
        UserId userId, String productCode, Credits threshold, UsdMicros monthlyCap, boolean newCard, Instant at) {}
