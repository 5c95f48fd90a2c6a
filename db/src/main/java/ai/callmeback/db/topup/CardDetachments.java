package ai.callmeback.db.topup;

import static ai.callmeback.db.row.Columns.text;

import ai.callmeback.db.row.Columns;
import ai.callmeback.domain.policy.Backoff;
import java.time.Duration;
import java.time.Instant;
import org.springframework.r2dbc.core.DatabaseClient;
import org.springframework.stereotype.Repository;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** Saved cards out of use, which the payment vendor is to take off their customers. Rows come by triggers, in whatever transaction. */
@Repository
public class CardDetachments {
    private final DatabaseClient db;

    public CardDetachments(DatabaseClient db) {
        this.db = db;
    }

    /** @param attempts with this one */
    public record Due(String paymentMethod, int attempts) {
        @Override
        public String toString() {
            return "a card, try " + attempts;
        }
    }

    /** Takes what is due; each comes again after {@code lease} unless it is {@link #done}. */
    public Flux<Due> lease(int limit, Duration lease, Instant now) {
        return db.sql("""
                        update card_detachments set detach_at = :again, attempts = attempts + 1
                        where payment_method in (select payment_method from card_detachments where detach_at <= :now
                                                 order by detach_at limit :limit for update skip locked)
                        returning payment_method, attempts""")
                .bind("now", now)
                .bind("limit", limit)
                .bind("again", now.plus(lease))
                .map(row -> new Due(text(row, "payment_method"), Columns.of(row, "attempts", Integer.class)))
                .all();
    }

    /** The card is on nobody any more. A repeat changes nothing. */
    public Mono<Void> done(Due due, Instant at) {
        return db.sql("""
                        update card_detachments set detach_at = null, detached_at = :at
                        where payment_method = :method and detached_at is null""").bind("method", due.paymentMethod()).bind("at", at).then();
    }

    /** Forgets those that were done long ago. A repeat finds nothing. */
    public Mono<Long> forgetDoneBefore(Instant time) {
        return db.sql("delete from card_detachments where detached_at < :time")
                .bind("time", time)
                .fetch()
                .rowsUpdated();
    }

    /** The vendor has not done it yet: again after a while, ever more seldom. */
    public Mono<Void> again(Due due, Instant now) {
        Backoff backoff = Backoff.CARD_DETACHMENT;
        Duration pause = backoff.first().multipliedBy(1L << Math.min(due.attempts() - 1, 20));
        return db.sql(
                        "update card_detachments set detach_at = :at where payment_method = :method and detached_at is null")
                .bind("method", due.paymentMethod())
                .bind("at", now.plus(pause.compareTo(backoff.longest()) < 0 ? pause : backoff.longest()))
                .then();
    }
}
