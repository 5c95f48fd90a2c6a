package ai.callmeback.db.ledger;

import ai.callmeback.domain.Credits;
import ai.callmeback.domain.UserId;
import java.time.Instant;
import java.util.UUID;

/**
 * @param holdId chosen by the caller before the first try; the idempotency key
 * @param reference what the hold is for, such as {@code call:<callId>}; no personal data
 * @param expiresAt when a sweep may give the credits back, unless a dial is intended by then
 */
public record HoldRequest(UUID holdId, UserId userId, Credits credits, String reference, Instant expiresAt) {

    static final long MAX_SECONDS = 86_400;

    public HoldRequest {
        Requests.requireSeconds(credits, MAX_SECONDS);
        Requests.requireKey(reference);
    }
}
