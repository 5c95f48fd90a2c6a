package ai.callmeback.db.identity;

import ai.callmeback.domain.UserId;
import java.time.Instant;
import org.springframework.r2dbc.core.DatabaseClient;
import org.springframework.stereotype.Repository;
import reactor.core.publisher.Mono;

/**
 * Which signed tokens are still good. A token that was revoked stays revoked: the row outlives every restart and goes
 * only after the token would have expired by itself.
 */
@Repository
public class Sessions {
    private final DatabaseClient db;

    public Sessions(DatabaseClient db) {
        this.db = db;
    }

    /** The token's user, in one round trip; empty when the token was revoked or the user is not active. */
    public Mono<UserAccount> userOf(UserId id, String tokenId) {
        return db.sql("select " + Users.COLUMNS + """
                         from users u
                        where u.id = :id and u.status = 'active'
                          and not exists (select 1 from revoked_tokens r where r.token_id = :token)""")
                .bind("id", id.value())
                .bind("token", tokenId)
                .map(Users::account)
                .one();
    }

    /** Revokes a token; revoking twice is the same as once. */
    public Mono<Void> revoke(UserId id, String tokenId, Instant expiresAt) {
        return db.sql("""
                        insert into revoked_tokens (token_id, user_id, expires_at) values (:token, :id, :expires)
                        on conflict (token_id) do nothing""")
                .bind("token", tokenId)
                .bind("id", id.value())
                .bind("expires", expiresAt)
                .then();
    }

    /** Forgets revocations of tokens that have expired anyway; returns how many. */
    public Mono<Long> forgetExpired(Instant now) {
        return db.sql("delete from revoked_tokens where expires_at < :now")
                .bind("now", now)
                .fetch()
                .rowsUpdated();
    }
}
