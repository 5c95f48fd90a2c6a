package ai.callmeback.db.ledger;

import ai.callmeback.domain.UsdMicros;
import java.util.UUID;

/**
 * @param key unique among all claw-backs, such as the id of the refund or dispute
 * @param grantId of the credits that were paid for
 * @param amount given back to the payer; more than zero
 */
public record ClawBackRequest(String key, ClawBackKind kind, UUID grantId, UsdMicros amount) {
    public ClawBackRequest {
        Requests.requireKey(key);
        if (amount.amountMicros() < 1 || amount.amountMicros() > GrantRequest.MAX_PRICE_MICROS) {
            throw new IllegalArgumentException("amount " + amount + " is not within $0.000001..$100000");
        }
    }
}
