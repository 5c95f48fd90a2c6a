package ai.callmeback.db.reconcile;

import io.r2dbc.postgresql.codec.Json;
import io.r2dbc.spi.Readable;
import java.time.Duration;
import java.time.Instant;
import java.util.Objects;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.r2dbc.core.DatabaseClient;
import org.springframework.stereotype.Repository;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** Runs of the reconciliation: who wanted them, how far they are. */
@Repository
public class ReconciliationRuns {
    private final DatabaseClient db;

    public ReconciliationRuns(DatabaseClient db) {
        this.db = db;
    }

    /**
     * Keeps a wish for a run, whose workflow will then be started. The same key answers the run of before, whatever its
     * range: compare it.
     */
    public Mono<ReconciliationRun> ask(UUID id, String key, Instant from, Instant until, String by, Instant at) {
        return db.sql("""
                        with asked as (
                          insert into reconciliation_runs (id, idempotency_key, from_at, until_at, started_by, created_at,
                                                           start_due_at)
                          values (:id, :key, :from, :until, :by, :at, :at)
                          on conflict (idempotency_key) do nothing returning *)
                        select * from asked
                        union all select * from reconciliation_runs where idempotency_key = :key limit 1""")
                .bind("id", id)
                .bind("key", key)
                .bind("from", from)
                .bind("until", until)
                .bind("by", by)
                .bind("at", at)
                .map(row -> run(row))
                .one();
    }

    /** A run that Temporal started by itself is kept now; one that was asked for is there. */
    public Mono<ReconciliationRun> begin(UUID id, Instant from, Instant until, String by, Instant at) {
        return db.sql("""
                        insert into reconciliation_runs (id, from_at, until_at, started_by, created_at)
                        values (:id, :from, :until, :by, :at) on conflict (id) do nothing""")
                .bind("id", id)
                .bind("from", from)
                .bind("until", until)
                .bind("by", by)
                .bind("at", at)
                .fetch()
                .rowsUpdated()
                .then(Mono.defer(() -> find(id)));
    }

    public Mono<ReconciliationRun> find(UUID id) {
        return db.sql("select * from reconciliation_runs where id = :id")
                .bind("id", id)
                .map(row -> run(row))
                .one();
    }

    /** The newest first. */
    public Flux<ReconciliationRun> latest(int limit) {
        return db.sql("select * from reconciliation_runs order by created_at desc limit :limit")
                .bind("limit", limit)
                .map(row -> run(row))
                .all();
    }

    /** Keeps how far a run is. */
    public Mono<Void> progressed(UUID id, String progress) {
        return db.sql("update reconciliation_runs set progress = :progress where id = :id and finished_at is null")
                .bind("id", id)
                .bind("progress", Json.of(progress))
                .fetch()
                .rowsUpdated()
                .then();
    }

    public Mono<Void> finished(UUID id, Instant at) {
        return db.sql("""
                        update reconciliation_runs set finished_at = :at, start_due_at = null
                        where id = :id and finished_at is null""").bind("id", id).bind("at", at).fetch().rowsUpdated().then();
    }

    /** Runs whose workflow should be made sure of; each comes again after {@code pause} until it is over. */
    public Flux<ReconciliationRun> due(int limit, Duration pause, Instant now) {
        return db.sql("""
                        with due as (select id from reconciliation_runs where start_due_at <= :now
                                     order by start_due_at limit :limit for update skip locked)
                        update reconciliation_runs r set start_due_at = :next from due where r.id = due.id
                        returning r.*""")
                .bind("now", now)
                .bind("limit", limit)
                .bind("next", now.plus(pause))
                .map(row -> run(row))
                .all();
    }

    private static ReconciliationRun run(Readable row) {
        return new ReconciliationRun(
                of(row, "id", UUID.class),
                of(row, "from_at", Instant.class),
                of(row, "until_at", Instant.class),
                of(row, "started_by", String.class),
                of(row, "progress", String.class),
                of(row, "created_at", Instant.class),
                row.get("finished_at", Instant.class));
    }

    static <T> T of(Readable row, String column, Class<T> type) {
        @Nullable T value = row.get(column, type);
        return Objects.requireNonNull(value, column);
    }
}
