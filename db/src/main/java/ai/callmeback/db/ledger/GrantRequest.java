package ai.callmeback.db.ledger;

import ai.callmeback.domain.Credits;
import ai.callmeback.domain.UsdMicros;
import ai.callmeback.domain.UserId;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * @param key unique among all grants, such as {@code trial:<userId>} or the id of the payment intent
 * @param pricePaid zero for credits given away
 * @param priority lower burns first; {@link #USUAL_PRIORITY} unless there is a reason
 * @param expiresAt null when the credits never expire
 */
public record GrantRequest(
        String key,
        UserId userId,
        Credits credits,
        GrantSource source,
        UsdMicros pricePaid,
        int priority,
        @Nullable Instant expiresAt) {

    public static final int USUAL_PRIORITY = 100;
    static final long MAX_SECONDS = 10_000_000;
    static final long MAX_PRICE_MICROS = 100_000_000_000L;

    public GrantRequest {
        Requests.requireKey(key);
        Requests.requireSeconds(credits, MAX_SECONDS);
        if (pricePaid.amountMicros() < 0 || pricePaid.amountMicros() > MAX_PRICE_MICROS) {
            throw new IllegalArgumentException("price paid " + pricePaid + " is not within $0..$100000");
        }
        if (priority < 0 || priority > 1_000) {
            throw new IllegalArgumentException("priority " + priority + " is not within 0..1000");
        }
    }

    /** Credits given away, never expiring, at the usual priority. */
    public static GrantRequest free(String key, UserId userId, Credits credits, GrantSource source) {
        return new GrantRequest(key, userId, credits, source, UsdMicros.ZERO, USUAL_PRIORITY, null);
    }
}
