package ai.callmeback.db.ledger;

import ai.callmeback.domain.Credits;
import java.util.UUID;

/**
 * @param key unique within the hold, such as the id of the update that asked for the extension
 * @param credits to add
 */
public record GrowRequest(UUID holdId, String key, Credits credits) {
    public GrowRequest {
        Requests.requireKey(key);
        Requests.requireSeconds(credits, HoldRequest.MAX_SECONDS);
    }
}
