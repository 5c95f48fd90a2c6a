package ai.callmeback.db.ledger;

import ai.callmeback.domain.Credits;
import java.util.UUID;

/**
 * @param key unique among all reversals, such as the id of the appeal
 * @param credits how much of what was charged comes back
 * @param reason a stable code
 */
public record ReverseRequest(UUID holdId, String key, Credits credits, String reason) {
    public ReverseRequest {
        Requests.requireKey(key);
        Requests.requireKey(reason);
        Requests.requireSeconds(credits, GrantRequest.MAX_SECONDS);
    }
}
