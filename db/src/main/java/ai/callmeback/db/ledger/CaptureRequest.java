package ai.callmeback.db.ledger;

import ai.callmeback.domain.Credits;
import java.util.UUID;

/**
 * @param credits what the call costs; more than the hold reaches is allowed and reported as uncovered
 * @param reason the charge reason's code
 */
public record CaptureRequest(UUID holdId, Credits credits, String reason) {
    public CaptureRequest {
        Requests.requireSeconds(credits, HoldRequest.MAX_SECONDS);
        Requests.requireKey(reason);
    }
}
