package ai.callmeback.db.identity;

import java.time.Instant;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;

/**
 * An API key as its owner sees it afterwards: never the secret.
 *
 * @param prefix the first characters of the secret, to tell keys apart
 */
public record ApiKey(
        UUID id,
        String name,
        String prefix,
        Set<Scope> scopes,
        Instant createdAt,
        Optional<Instant> lastUsedAt,
        Optional<Instant> expiresAt,
        Optional<Instant> revokedAt) {}
