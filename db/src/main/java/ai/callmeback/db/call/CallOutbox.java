package ai.callmeback.db.call;

import ai.callmeback.domain.CallId;
import java.time.Duration;
import java.time.Instant;
import java.util.UUID;
import org.springframework.r2dbc.core.DatabaseClient;
import org.springframework.stereotype.Component;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** What is still to be done for calls: their workflow started, what follows them started, or their costs booked again. A row lives until then. */
@Component
public final class CallOutbox {
    public static final String CHANNEL = "call_outbox";
    static final String START = "start";
    static final String AFTER = "after";

    private final DatabaseClient db;

    public CallOutbox(DatabaseClient db) {
        this.db = db;
    }

    /** What an entry asks for. */
    public enum Task {
        START,
        /** The call is completed: what follows it is to be started. */
        AFTER,
        /** Usage came in after the workflow was over: the costs are to be booked again. */
        COSTS
    }

    public record Entry(long id, CallId callId, Task task) {}

    /** Leases due rows to one relay; they come again if it dies. */
    public Flux<Entry> lease(int limit, Duration lease, Instant now) {
        return db.sql("""
                        with due as (select id from call_outbox where next_attempt_at <= :now
                                     order by id limit :limit for update skip locked)
                        update call_outbox o set attempts = attempts + 1, next_attempt_at = :until
                        from due where o.id = due.id returning o.id, o.call_id, o.kind""")
                .bind("now", now)
                .bind("limit", limit)
                .bind("until", now.plus(lease))
                .map(row -> new Entry(
                        Rows.required(row, "id", Long.class),
                        new CallId(Rows.required(row, "call_id", UUID.class)),
                        task(Rows.text(row, "kind"))))
                .all();
    }

    private static Task task(String kind) {
        return switch (kind) {
            case START -> Task.START;
            case AFTER -> Task.AFTER;
            default -> Task.COSTS;
        };
    }

    /** Done; a repeat does nothing. */
    public Mono<Void> done(long id) {
        return db.sql("delete from call_outbox where id = :id")
                .bind("id", id)
                .fetch()
                .rowsUpdated()
                .then();
    }

    /** Not yet; again at {@code next}. */
    public Mono<Void> later(long id, Instant next) {
        return db.sql("update call_outbox set next_attempt_at = :next where id = :id")
                .bind("id", id)
                .bind("next", next)
                .fetch()
                .rowsUpdated()
                .then();
    }
}
