package ai.callmeback.db.inbox;

import ai.callmeback.db.row.Columns;
import java.time.Duration;
import java.time.Instant;
import java.util.UUID;
import org.springframework.r2dbc.core.DatabaseClient;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * A table of things that have a workflow each. Its column {@code start_due_at} says when somebody next makes sure that the
 * workflow is there; null when the thing is over.
 */
public final class StartTable {
    private final DatabaseClient db;
    private final String due;
    private final String dueAt;

    /** @param table its name; no user's text, since it becomes part of statements */
    public StartTable(DatabaseClient db, String table) {
        this.db = db;
        this.due = """
                with due as (select id from %1$s where start_due_at <= :now
                             order by start_due_at limit :limit for update skip locked)
                update %1$s t set start_due_at = :next from due where t.id = due.id returning t.id""".formatted(table);
        this.dueAt = "update %s set start_due_at = :next where id = :id".formatted(table);
    }

    /** Those to look at now, each for one looker; they come again after {@code pause} until they are over. */
    public Flux<UUID> due(int limit, Duration pause, Instant now) {
        return db.sql(due)
                .bind("now", now)
                .bind("limit", limit)
                .bind("next", now.plus(pause))
                .map(row -> Columns.of(row, "id", UUID.class))
                .all();
    }

    /** Earlier than planned: the start failed. */
    public Mono<Void> dueAt(UUID id, Instant next) {
        return db.sql(dueAt)
                .bind("id", id)
                .bind("next", next)
                .fetch()
                .rowsUpdated()
                .then();
    }
}
