package ai.callmeback.db.inbox;

import ai.callmeback.domain.policy.Backoff;
import io.r2dbc.spi.Readable;
import java.time.Duration;
import java.time.Instant;
import java.util.function.Function;
import org.springframework.r2dbc.core.DatabaseClient;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * A table of messages that are applied one by one, at least once, by any number of relays. It has the columns
 * {@code attempts}, {@code next_attempt_at}, {@code applied_at} and {@code last_error}.
 *
 * @param <K> of the key
 */
public final class InboxTable<K> {
    private final DatabaseClient db;
    private final String lease;
    private final String applied;
    private final String failed;

    /**
     * @param table its name; like the other two no user's text, since it becomes part of statements
     * @param key the column that names a message
     * @param order the column by which messages are taken
     */
    public InboxTable(DatabaseClient db, String table, String key, String order) {
        this.db = db;
        this.lease = """
                with due as (select %2$s from %1$s where applied_at is null and next_attempt_at <= :now
                             order by %3$s limit :limit for update skip locked)
                update %1$s w set attempts = attempts + 1, next_attempt_at = :until
                from due where w.%2$s = due.%2$s returning w.*""".formatted(table, key, order);
        this.applied = "update %s set applied_at = :at, last_error = null where %s = :key".formatted(table, key);
        // The exponent is bounded: a power of an old message's attempts would not fit.
        this.failed = """
                update %s set last_error = :error, next_attempt_at = :at
                  + make_interval(secs => least(:longest, :first * power(2, least(greatest(attempts, 1) - 1, 30))))
                where %s = :key""".formatted(table, key);
    }

    /**
     * Leases due messages to one relay for {@code time}: another relay does not get them meanwhile, and they come again if
     * this one dies.
     */
    public <T> Flux<T> lease(int limit, Duration time, Instant now, Function<Readable, T> message) {
        return db.sql(lease)
                .bind("now", now)
                .bind("limit", limit)
                .bind("until", now.plus(time))
                .map(message)
                .all();
    }

    public Mono<Void> applied(K key, Instant at) {
        return db.sql(applied)
                .bind("key", key)
                .bind("at", at)
                .fetch()
                .rowsUpdated()
                .then();
    }

    /** Not yet; again after the rest that this many attempts ask for. */
    public Mono<Void> failed(K key, String error, Backoff backoff, Instant at) {
        return db.sql(failed)
                .bind("key", key)
                .bind("error", error)
                .bind("at", at)
                .bind("first", seconds(backoff.first()))
                .bind("longest", seconds(backoff.longest()))
                .fetch()
                .rowsUpdated()
                .then();
    }

    private static double seconds(Duration duration) {
        return duration.toMillis() / 1_000.0;
    }
}
