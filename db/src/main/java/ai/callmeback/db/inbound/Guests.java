package ai.callmeback.db.inbound;

import ai.callmeback.db.identity.NewUser;
import ai.callmeback.db.identity.UserAccount;
import ai.callmeback.db.identity.Users;
import ai.callmeback.db.inbound.InboundRing.Caller;
import ai.callmeback.db.ledger.GrantRequest;
import ai.callmeback.db.ledger.GrantSource;
import ai.callmeback.db.ledger.Ledger;
import ai.callmeback.domain.UsdMicros;
import ai.callmeback.domain.UserId;
import ai.callmeback.domain.inbound.InboundLimits;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import java.util.UUID;
import org.springframework.r2dbc.core.DatabaseClient;
import reactor.core.publisher.Mono;

/**
 * Unknown callers. Each number has an account without a person, which the free credits are granted to once; so a free call
 * is held, settled and booked like any other, and one that came to nothing leaves its credits for another try.
 */
final class Guests {
    /** No password hashes to this, and no mail reaches such an address. */
    private static final String NO_PASSWORD = "none";

    private static final String NAME = "friend";

    private final DatabaseClient db;
    private final Users users;
    private final Ledger ledger;

    Guests(DatabaseClient db, Users users, Ledger ledger) {
        this.db = db;
        this.users = users;
        this.ledger = ledger;
    }

    /** Free calls since midnight UTC. Until the transaction ends nobody else counts: the cap holds to the call. */
    Mono<Long> freeCallsToday(Instant at) {
        // Two statements: the second must see what the holder of the lock before us has committed.
        return db.sql("select pg_advisory_xact_lock(hashtextextended('inbound:free', 0))")
                .fetch()
                .first()
                .then(db.sql("select count(*) from inbound_calls where free and rang_at >= :day")
                        .bind(
                                "day",
                                at.atOffset(ZoneOffset.UTC)
                                        .truncatedTo(ChronoUnit.DAYS)
                                        .toInstant())
                        .mapValue(Long.class)
                        .one());
    }

    /** The account of a number that still has its free call; empty when it has had it. Under the lock above. */
    Mono<UserAccount> admit(Caller caller, InboundRing ring) {
        return known(caller)
                .switchIfEmpty(Mono.defer(() -> welcome(caller, ring)))
                .flatMap(id -> ledger.balance(id)
                        .filter(b -> b.available().compareTo(InboundLimits.FREE_CALL.credits()) >= 0)
                        .flatMap(b -> counted(caller)))
                .flatMap(users::find);
    }

    private Mono<UserId> known(Caller caller) {
        return db.sql("select user_id from inbound_guests where caller_hash = :hash")
                .bind("hash", caller.hash())
                .mapValue(UUID.class)
                .one()
                .map(UserId::new);
    }

    /** Empty when all tries are used. */
    private Mono<UserId> counted(Caller caller) {
        return db.sql("""
                        update inbound_guests set free_calls = free_calls + 1
                        where caller_hash = :hash and free_calls < :tries returning user_id""")
                .bind("hash", caller.hash())
                .bind("tries", InboundLimits.FREE_CALL_TRIES)
                .mapValue(UUID.class)
                .one()
                .map(UserId::new);
    }

    private Mono<UserId> welcome(Caller caller, InboundRing ring) {
        UserId id = ring.guestId();
        var account = new NewUser(
                id,
                "guest-" + id + "@guest.invalid",
                NO_PASSWORD,
                NAME,
                Optional.empty(),
                caller.number().country().orElse("US"),
                UserAccount.Role.USER,
                ring.guestPseudonym());
        var credits = new GrantRequest(
                "inbound:" + id,
                id,
                InboundLimits.FREE_CALL.credits(),
                GrantSource.TRIAL,
                UsdMicros.ZERO,
                GrantRequest.USUAL_PRIORITY,
                ring.at().plus(InboundLimits.FREE_CREDITS_LAST));
        return users.insert(account)
                .then(db.sql("insert into inbound_guests (caller_hash, user_id, first_at) values (:hash, :id, :at)")
                        .bind("hash", caller.hash())
                        .bind("id", id.value())
                        .bind("at", ring.at())
                        .fetch()
                        .rowsUpdated())
                .then(ledger.grant(credits))
                .thenReturn(id);
    }
}
