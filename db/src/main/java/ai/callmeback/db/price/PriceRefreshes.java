package ai.callmeback.db.price;

import io.r2dbc.postgresql.codec.Json;
import io.r2dbc.spi.Readable;
import java.time.Duration;
import java.time.Instant;
import java.util.UUID;
import org.springframework.r2dbc.core.DatabaseClient;
import org.springframework.stereotype.Repository;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** Readings of vendors' prices: who wanted them, how far they are. */
@Repository
public class PriceRefreshes {
    private final DatabaseClient db;

    public PriceRefreshes(DatabaseClient db) {
        this.db = db;
    }

    /** Keeps a wish for a run, whose workflow will then be started. The same key answers the run of before. */
    public Mono<PriceRefresh> ask(UUID id, String key, String by, Instant at) {
        return db.sql("""
                        with asked as (
                          insert into price_refreshes (id, idempotency_key, started_by, created_at, start_due_at)
                          values (:id, :key, :by, :at, :at) on conflict (idempotency_key) do nothing returning *)
                        select * from asked
                        union all select * from price_refreshes where idempotency_key = :key limit 1""")
                .bind("id", id)
                .bind("key", key)
                .bind("by", by)
                .bind("at", at)
                .map(row -> refresh(row))
                .one();
    }

    /** A run that Temporal started by itself is kept now; one that was asked for is there. */
    public Mono<Void> begin(UUID id, String by, Instant at) {
        return db.sql("""
                        insert into price_refreshes (id, started_by, created_at) values (:id, :by, :at)
                        on conflict (id) do nothing""")
                .bind("id", id)
                .bind("by", by)
                .bind("at", at)
                .fetch()
                .rowsUpdated()
                .then();
    }

    public Mono<PriceRefresh> find(UUID id) {
        return db.sql("select * from price_refreshes where id = :id")
                .bind("id", id)
                .map(row -> refresh(row))
                .one();
    }

    /** The newest first. */
    public Flux<PriceRefresh> latest(int limit) {
        return db.sql("select * from price_refreshes order by created_at desc limit :limit")
                .bind("limit", limit)
                .map(row -> refresh(row))
                .all();
    }

    /** Keeps how far a run is. */
    public Mono<Void> progressed(UUID id, String progress) {
        return db.sql("update price_refreshes set progress = :progress where id = :id and finished_at is null")
                .bind("id", id)
                .bind("progress", Json.of(progress))
                .fetch()
                .rowsUpdated()
                .then();
    }

    public Mono<Void> finished(UUID id, Instant at) {
        return db.sql("""
                        update price_refreshes set finished_at = :at, start_due_at = null
                        where id = :id and finished_at is null""").bind("id", id).bind("at", at).fetch().rowsUpdated().then();
    }

    /** Runs whose workflow should be made sure of; each comes again after {@code pause} until it is over. */
    public Flux<PriceRefresh> due(int limit, Duration pause, Instant now) {
        return db.sql("""
                        with due as (select id from price_refreshes where start_due_at <= :now
                                     order by start_due_at limit :limit for update skip locked)
                        update price_refreshes r set start_due_at = :next from due where r.id = due.id
                        returning r.*""")
                .bind("now", now)
                .bind("limit", limit)
                .bind("next", now.plus(pause))
                .map(row -> refresh(row))
                .all();
    }

    private static PriceRefresh refresh(Readable row) {
        return new PriceRefresh(
                Prices.of(row, "id", UUID.class),
                Prices.of(row, "started_by", String.class),
                Prices.of(row, "progress", String.class),
                Prices.of(row, "created_at", Instant.class),
                row.get("finished_at", Instant.class));
    }
}
