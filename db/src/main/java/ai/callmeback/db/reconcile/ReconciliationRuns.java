package ai.callmeback.db.reconcile;

import static ai.callmeback.db.row.Columns.text;

import ai.callmeback.db.inbox.RunTable;
import ai.callmeback.db.row.Columns;
import io.r2dbc.postgresql.codec.Json;
import io.r2dbc.spi.Readable;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.springframework.r2dbc.core.DatabaseClient;
import org.springframework.stereotype.Repository;
import reactor.core.publisher.Mono;

/** Runs of the reconciliation. */
@Repository
public class ReconciliationRuns extends RunTable<ReconciliationRun> {
    public ReconciliationRuns(DatabaseClient db) {
        super(db, "reconciliation_runs", ReconciliationRuns::run);
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

    /** Keeps what a run that ends now has left out, as its workflow will read it; an empty array for a whole run. */
    public Mono<Void> leftOut(UUID id, String gaps) {
        return db.sql("update reconciliation_runs set gaps = :gaps where id = :id and finished_at is null")
                .bind("id", id)
                .bind("gaps", Json.of(gaps))
                .fetch()
                .rowsUpdated()
                .then();
    }

    /** Opens the case of a vendor that was left out; answers whether it is new. */
    public Mono<Boolean> gap(UUID id, String vendor, String reason, Instant at) {
        return db.sql("select reconcile_gap(:id, :vendor, :reason, :at) as opened")
                .bind("id", id)
                .bind("vendor", vendor)
                .bind("reason", reason)
                .bind("at", at)
                .map(row -> Columns.of(row, "opened", Boolean.class))
                .one();
    }

    /** Closes the cases of vendors that this run had left out, but for those it still does. */
    public Mono<Void> gapsClosed(UUID id, List<String> still, Instant at) {
        return db.sql("select reconcile_gap_closed(:id, :still, :at)::text")
                .bind("id", id)
                .bind("still", still.toArray(String[]::new))
                .bind("at", at)
                .fetch()
                .rowsUpdated()
                .then();
    }

    /** A run that ended incomplete goes on; any other is answered as it stands. */
    public Mono<ReconciliationRun> resume(UUID id, Instant at) {
        return db.sql("""
                        update reconciliation_runs set finished_at = null, start_due_at = :at
                        where id = :id and finished_at is not null and gaps <> '[]'""").bind("id", id).bind("at", at).fetch().rowsUpdated().then(Mono.defer(() -> find(id)));
    }

    private static ReconciliationRun run(Readable row) {
        return new ReconciliationRun(
                id(row),
                Columns.of(row, "from_at", Instant.class),
                Columns.of(row, "until_at", Instant.class),
                text(row, "started_by"),
                text(row, "progress"),
                text(row, "gaps"),
                Columns.of(row, "created_at", Instant.class),
                row.get("finished_at", Instant.class));
    }
}
