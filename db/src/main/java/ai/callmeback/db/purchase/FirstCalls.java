package ai.callmeback.db.purchase;

import ai.callmeback.domain.CallId;
import ai.callmeback.domain.Credits;
import ai.callmeback.domain.E164;
import ai.callmeback.domain.UserId;
import java.time.Instant;
import org.springframework.r2dbc.core.DatabaseClient;
import org.springframework.stereotype.Repository;
import reactor.core.publisher.Mono;

/** A person's first call is free: trial credits, given once per account and telephone number, without a card. */
@Repository
public class FirstCalls {
    private final DatabaseClient db;

    public FirstCalls(DatabaseClient db) {
        this.db = db;
    }

    /** How long a free first call of this account may be; zero when it would not be the first. */
    public Mono<Credits> offered(UserId user) {
        return db.sql("select coalesce(first_call_seconds(:user), 0) as seconds")
                .bind("user", user.value())
                .mapValue(Integer.class)
                .one()
                .map(Credits::new);
    }

    /**
     * Gives the credits of a first call to who may have them; else, and at each repeat, nothing changes.
     *
     * @param number the phone that will ring
     * @param planned a longer call than the offer gets nothing
     */
    public Mono<Void> giveIfFirst(UserId user, E164 number, Credits planned, Instant at) {
        return db.sql("select first_call_give(:user, :number, :seconds, :at)")
                .bind("user", user.value())
                .bind("number", number.value())
                .bind("seconds", planned.seconds())
                .bind("at", at)
                .fetch()
                .one()
                .then();
    }

    /** Whether a call costs its person nothing, because trial credits pay all of it. */
    public Mono<Boolean> isFree(CallId call) {
        return db.sql("select call_is_free(:call)")
                .bind("call", call.value())
                .mapValue(Boolean.class)
                .one();
    }
}
