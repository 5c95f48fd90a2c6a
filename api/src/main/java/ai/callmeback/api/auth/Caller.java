package ai.callmeback.api.auth;

import ai.callmeback.db.identity.Scope;
import ai.callmeback.db.identity.UserAccount;
import ai.callmeback.domain.UserId;
import java.time.Instant;
import java.util.Optional;
import java.util.Set;

/**
 * Who sent this request, and by what.
 *
 * @param credentialId of the session token or the API key
 * @param scopes what the credential may do; a session may do all
 * @param expiresAt empty for an API key without an end
 */
public record Caller(UserAccount user, Kind kind, String credentialId, Set<Scope> scopes, Optional<Instant> expiresAt) {
    /** What was shown. */
    public enum Kind {
        SESSION,
        API_KEY
    }

    public UserId id() {
        return user.id();
    }
}
