package ai.callmeback.db.ledger;

import java.util.UUID;

/** @param reason why nothing is charged, as a stable code */
public record ReleaseRequest(UUID holdId, String reason) {
    public ReleaseRequest {
        Requests.requireKey(reason);
    }
}
