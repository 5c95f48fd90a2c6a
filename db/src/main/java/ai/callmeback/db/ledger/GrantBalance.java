package ai.callmeback.db.ledger;

import ai.callmeback.domain.Credits;
import ai.callmeback.domain.UsdMicros;
import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A grant as it stands; the parts sum to what was granted.
 *
 * @param charged used by calls
 * @param broken lost to expiry
 * @param refunded taken back with the money
 * @param expiresAt null when it never expires
 */
public record GrantBalance(
        UUID grantId,
        GrantSource source,
        Credits granted,
        UsdMicros pricePaid,
        int priority,
        Instant grantedAt,
        @Nullable Instant expiresAt,
        Credits available,
        Credits held,
        Credits charged,
        Credits broken,
        Credits refunded) {}
