package ai.callmeback.db.inbox;

import ai.callmeback.db.row.Columns;
import io.r2dbc.postgresql.codec.Json;
import io.r2dbc.spi.Readable;
import java.time.Duration;
import java.time.Instant;
import java.util.UUID;
import java.util.function.Function;
import org.springframework.r2dbc.core.DatabaseClient;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * A table of runs: who wanted them, how far they are. A run that was asked for gets its workflow by way of {@link StartTable};
 * one that Temporal started by itself has it.
 *
 * @param <R> a row of it
 */
public abstract class RunTable<R> {
    protected final DatabaseClient db;
    private final String table;
    private final Function<Readable, R> read;
    private final StartTable starts;

    /** @param table its name; no user's text, since it becomes part of statements */
    protected RunTable(DatabaseClient db, String table, Function<Readable, R> read) {
        this.db = db;
        this.table = table;
        this.read = read;
        this.starts = new StartTable(db, table);
    }

    public Mono<R> find(UUID id) {
        return db.sql("select * from " + table + " where id = :id")
                .bind("id", id)
                .map(read)
                .one();
    }

    /** The newest first. */
    public Flux<R> latest(int limit) {
        return db.sql("select * from " + table + " order by created_at desc limit :limit")
                .bind("limit", limit)
                .map(read)
                .all();
    }

    /** Keeps how far a run is. */
    public Mono<Void> progressed(UUID id, String progress) {
        return db.sql("update " + table + " set progress = :progress where id = :id and finished_at is null")
                .bind("id", id)
                .bind("progress", Json.of(progress))
                .fetch()
                .rowsUpdated()
                .then();
    }

    public Mono<Void> finished(UUID id, Instant at) {
        return db.sql("update " + table
                        + " set finished_at = :at, start_due_at = null where id = :id and finished_at is null")
                .bind("id", id)
                .bind("at", at)
                .fetch()
                .rowsUpdated()
                .then();
    }

    /** Runs whose workflow should be made sure of; each comes again after {@code pause} until it is over. */
    public Flux<UUID> due(int limit, Duration pause, Instant now) {
        return starts.due(limit, pause, now);
    }

    protected static UUID id(Readable row) {
        return Columns.of(row, "id", UUID.class);
    }
}
