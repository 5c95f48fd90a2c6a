package ai.callmeback.db.identity;

import static ai.callmeback.db.identity.Users.required;

import ai.callmeback.domain.UserId;
import io.r2dbc.spi.Readable;
import java.time.Instant;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.springframework.r2dbc.core.DatabaseClient;
import org.springframework.stereotype.Repository;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** API keys. Only the SHA-256 of a secret is stored; a lookup by hash needs no comparison in our code. */
@Repository
public class ApiKeys {
    /** A user has at most this many keys that are not revoked. */
    public static final int MAX_LIVE_KEYS = 20;

    private static final String COLUMNS = "k.id as key_id, k.name, k.prefix, k.scopes, k.created_at as key_created_at,"
            + " k.last_used_at, k.expires_at, k.revoked_at";

    private final DatabaseClient db;

    public ApiKeys(DatabaseClient db) {
        this.db = db;
    }

    /** A key together with its (active) owner. */
    public record Owned(ApiKey key, UserAccount owner) {}

    /** Empty when the user already has {@link #MAX_LIVE_KEYS} live keys. */
    public Mono<ApiKey> create(
            UUID id,
            UserId owner,
            String name,
            String prefix,
            byte[] secretHash,
            Set<Scope> scopes,
            Optional<Instant> expiresAt) {
        var spec = db.sql("""
                        insert into api_keys as k (id, user_id, name, prefix, secret_hash, scopes, expires_at)
                        select :id, :owner, :name, :prefix, :hash, :scopes, :expires
                        where (select count(*) from api_keys where user_id = :owner and revoked_at is null) < :max
                        returning\s""" + COLUMNS)
                .bind("id", id)
                .bind("owner", owner.value())
                .bind("name", name)
                .bind("prefix", prefix)
                .bind("hash", secretHash)
                .bind("scopes", scopes.stream().map(Scope::wire).sorted().toArray(String[]::new))
                .bind("max", MAX_LIVE_KEYS);
        return (expiresAt.isPresent() ? spec.bind("expires", expiresAt.get()) : spec.bindNull("expires", Instant.class))
                .map(ApiKeys::key)
                .one();
    }

    /** All keys of a user, newest first, revoked ones too. */
    public Flux<ApiKey> list(UserId owner) {
        return db.sql("select " + COLUMNS + " from api_keys k where k.user_id = :owner order by k.created_at desc, k.id"
                        + " limit 200")
                .bind("owner", owner.value())
                .map(ApiKeys::key)
                .all();
    }

    /** False when the user has no such key; revoking again keeps the first time. */
    public Mono<Boolean> revoke(UserId owner, UUID id, Instant now) {
        return db.sql("""
                        update api_keys set revoked_at = coalesce(revoked_at, :now)
                        where id = :id and user_id = :owner""")
                .bind("now", now)
                .bind("id", id)
                .bind("owner", owner.value())
                .fetch()
                .rowsUpdated()
                .map(rows -> rows == 1);
    }

    /** The live key with this secret; notes its use at most once a minute, so that reads stay reads. */
    public Mono<Owned> use(byte[] secretHash, Instant now) {
        return db.sql("""
                        with touched as (
                          update api_keys set last_used_at = :now
                          where secret_hash = :hash and revoked_at is null
                            and (last_used_at is null or last_used_at < cast(:now as timestamptz) - interval '1 minute'))
                        select\s""" + COLUMNS + ", " + Users.COLUMNS + """
                         from api_keys k join users u on u.id = k.user_id
                        where k.secret_hash = :hash and k.revoked_at is null and u.status = 'active'
                          and (k.expires_at is null or k.expires_at > :now)""")
                .bind("hash", secretHash)
                .bind("now", now)
                .map(row -> new Owned(key(row), Users.account(row)))
                .one();
    }

    /** Whether a key may still be used: it is its owner's, neither revoked nor expired, and the owner is active. */
    public Mono<Boolean> isGood(UserId owner, UUID id, Instant now) {
        return db.sql("""
                        select 1 from api_keys k join users u on u.id = k.user_id
                        where k.id = :id and k.user_id = :owner and k.revoked_at is null and u.status = 'active'
                          and (k.expires_at is null or k.expires_at > :now)""")
                .bind("id", id)
                .bind("owner", owner.value())
                .bind("now", now)
                .fetch()
                .first()
                .hasElement();
    }

    private static ApiKey key(Readable row) {
        Set<Scope> scopes = EnumSet.noneOf(Scope.class);
        Arrays.stream(required(row, "scopes", String[].class))
                .forEach(s -> Scope.ofWire(s).ifPresent(scopes::add));
        return new ApiKey(
                required(row, "key_id", UUID.class),
                required(row, "name", String.class),
                required(row, "prefix", String.class),
                Set.copyOf(scopes),
                required(row, "key_created_at", Instant.class),
                Optional.ofNullable(row.get("last_used_at", Instant.class)),
                Optional.ofNullable(row.get("expires_at", Instant.class)),
                Optional.ofNullable(row.get("revoked_at", Instant.class)));
    }
}
