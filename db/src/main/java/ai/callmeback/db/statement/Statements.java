package ai.callmeback.db.statement;

import ai.callmeback.domain.UserId;
import io.r2dbc.spi.Readable;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;
import org.springframework.r2dbc.core.DatabaseClient;
import org.springframework.stereotype.Repository;
import reactor.core.publisher.Flux;

/** Reads a user's postings, newest first. */
@Repository
public class Statements {
    private final DatabaseClient db;

    public Statements(DatabaseClient db) {
        this.db = db;
    }

    /** At most {@code limit} lines with an id below {@code before}. */
    public Flux<StatementLine> lines(UserId user, long before, int limit) {
        return db.sql("""
                        with page as (
                          select id, kind, occurred_at, hold_id from ledger_postings
                          where user_id = :user and id < :before order by id desc limit :limit)
                        select p.id, p.kind, p.occurred_at, p.hold_id,
                          coalesce(sum(e.amount) filter (where e.account = 'user_available'), 0)::bigint as available,
                          coalesce(sum(e.amount) filter (where e.account = 'user_held'), 0)::bigint as held
                        from page p left join ledger_entries e
                          on e.posting_id = p.id and e.user_id = :user and e.unit = 'credit_second'
                        group by p.id, p.kind, p.occurred_at, p.hold_id order by p.id desc""")
                .bind("user", user.value())
                .bind("before", before)
                .bind("limit", limit)
                .map(Statements::line)
                .all();
    }

    private static StatementLine line(Readable row) {
        return new StatementLine(
                required(row, "id", Long.class),
                required(row, "kind", String.class),
                required(row, "occurred_at", Instant.class),
                required(row, "available", Long.class),
                required(row, "held", Long.class),
                Optional.ofNullable(row.get("hold_id", UUID.class)));
    }

    private static <T> T required(Readable row, String column, Class<T> type) {
        T value = row.get(column, type);
        if (value == null) {
            throw new IllegalStateException("column " + column + " must not be null");
        }
        return value;
    }
}
