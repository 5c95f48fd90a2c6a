package ai.callmeback.db.price;

import static ai.callmeback.db.row.Columns.text;

import ai.callmeback.db.inbox.RunTable;
import ai.callmeback.db.row.Columns;
import io.r2dbc.spi.Readable;
import java.time.Instant;
import java.util.UUID;
import org.springframework.r2dbc.core.DatabaseClient;
import org.springframework.stereotype.Repository;
import reactor.core.publisher.Mono;

/** Readings of vendors' prices. */
@Repository
public class PriceRefreshes extends RunTable<PriceRefresh> {
    public PriceRefreshes(DatabaseClient db) {
        super(db, "price_refreshes", PriceRefreshes::refresh);
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

    private static PriceRefresh refresh(Readable row) {
        return new PriceRefresh(
                id(row),
                text(row, "started_by"),
                text(row, "progress"),
                Columns.of(row, "created_at", Instant.class),
                row.get("finished_at", Instant.class));
    }
}
