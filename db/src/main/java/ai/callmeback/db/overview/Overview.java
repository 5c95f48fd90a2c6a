package ai.callmeback.db.overview;

import static ai.callmeback.db.row.Columns.number;
import static ai.callmeback.db.row.Columns.text;

import ai.callmeback.db.row.Columns;
import ai.callmeback.domain.policy.Limits;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;
import org.springframework.r2dbc.core.DatabaseClient;
import org.springframework.stereotype.Component;
import reactor.core.publisher.Flux;

/** How the whole platform stands, read anew each time. No user is named. Reads only, so it may be repeated. */
@Component
public final class Overview {
    private static final Duration GIVEN_UP_SHOWN = Duration.ofDays(7);

    private final DatabaseClient db;

    public Overview(DatabaseClient db) {
        this.db = db;
    }

    /** How many calls that are not over stand at one status, as the database spells it. */
    public record Standing(String status, long calls) {}

    /**
     * Something that somebody or something has yet to do.
     *
     * @param since when the oldest of it began to wait; null when nothing waits
     */
    public record Queue(String name, long waiting, @Nullable Instant since) {}

    /** @param alive whether it was heard of within {@link Limits#VOICE_WORKER_STALE} */
    public record Worker(String name, long calls, long capacity, boolean draining, boolean alive, Instant heardAt) {}

    public Flux<Standing> calls() {
        return db.sql("""
                        select status, count(*) as calls from calls
                        where status not in ('COMPLETED', 'CANCELED', 'REFUSED', 'MISSED', 'UNANSWERED', 'FAILED')
                        group by status order by status""")
                .map(row -> new Standing(text(row, "status"), number(row, "calls")))
                .all();
    }

    /** All queues, in the order in which they concern people; those in which nothing waits too. */
    public Flux<Queue> queues(Instant now) {
        return db.sql("""
                        select 'late_calls' as name, count(*) as waiting, min(scheduled_for) as since from calls
                          where status in ('SCHEDULED', 'DUE', 'ADMITTED') and scheduled_for < :late
                        union all select 'undecided_calls', count(*), min(ended_at) from calls where status = 'ENDED'
                        union all select 'calls_to_tell_temporal', count(*), min(created_at) from call_outbox
                        union all select 'telephony_callbacks', count(*), min(received_at) from webhook_inbox
                          where applied_at is null
                        union all select 'payment_events', count(*), min(received_at) from payment_events
                          where applied_at is null
                        union all select 'mails', count(*), min(noticed_at) from (
                          select noticed_at from finance_notices where send_at is not null
                          union all select noticed_at from budget_notices where send_at is not null
                          union all select noted_at from auto_topup_notices where send_at is not null) owed
                        union all select 'mails_given_up', count(*), min(noticed_at) from (
                          select noticed_at from finance_notices where outcome = 'given_up'
                          union all select noticed_at from budget_notices where outcome = 'given_up'
                          union all select noted_at from auto_topup_notices where outcome = 'given_up') lost
                          where noticed_at > :shown
                        union all select 'open_cases', count(*), min(opened_at) from money_cases where state = 'open'""")
                .bind("late", now.minus(Limits.MISSED_AFTER))
                .bind("shown", now.minus(GIVEN_UP_SHOWN))
                .map(row -> new Queue(text(row, "name"), number(row, "waiting"), row.get("since", Instant.class)))
                .all();
    }

    /** Every voice worker that is known, by name. */
    public Flux<Worker> voiceWorkers() {
        return db.sql("""
                        select incarnation, live_calls::bigint as calls, capacity::bigint as capacity, draining, heartbeat_at,
                          heartbeat_at > clock_timestamp() - :stale * interval '1 millisecond' as alive
                        from voice_workers order by incarnation""")
                .bind("stale", Limits.VOICE_WORKER_STALE.toMillis())
                .map(row -> new Worker(
                        text(row, "incarnation"),
                        number(row, "calls"),
                        number(row, "capacity"),
                        Columns.of(row, "draining", Boolean.class),
                        Columns.of(row, "alive", Boolean.class),
                        Columns.of(row, "heartbeat_at", Instant.class)))
                .all();
    }
}
