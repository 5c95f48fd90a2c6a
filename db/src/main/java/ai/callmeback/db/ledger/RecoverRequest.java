package ai.callmeback.db.ledger;

import ai.callmeback.domain.UserId;

/** @param key unique among all recoveries, such as the key of the grant that made this one possible */
public record RecoverRequest(UserId userId, String key) {
    public RecoverRequest {
        Requests.requireKey(key);
    }
}
