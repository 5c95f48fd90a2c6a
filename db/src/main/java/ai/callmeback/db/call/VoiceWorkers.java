package ai.callmeback.db.call;

import ai.callmeback.domain.policy.Limits;
import org.springframework.r2dbc.core.DatabaseClient;
import org.springframework.stereotype.Component;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** Which voice workers live. Times are the database's, so that machines need not agree. */
@Component
public final class VoiceWorkers {
    private final DatabaseClient db;

    public VoiceWorkers(DatabaseClient db) {
        this.db = db;
    }

    /** Makes the worker known; a repeat refreshes it and ends a drain. Those silent for a day are forgotten. */
    public Mono<Void> register(VoiceWorker worker) {
        return db.sql("""
                        with forgotten as (delete from voice_workers where incarnation <> :incarnation
                          and heartbeat_at < clock_timestamp() - interval '1 day')
                        insert into voice_workers
                            (incarnation, media_url, task_queue, capacity, registered_at, heartbeat_at)
                          values (:incarnation, :url, :queue, :capacity, clock_timestamp(), clock_timestamp())
                        on conflict (incarnation) do update set media_url = excluded.media_url,
                          task_queue = excluded.task_queue, capacity = excluded.capacity, draining = false,
                          heartbeat_at = excluded.heartbeat_at""")
                .bind("incarnation", worker.incarnation())
                .bind("url", worker.mediaUrl())
                .bind("queue", worker.taskQueue())
                .bind("capacity", worker.capacity())
                .fetch()
                .rowsUpdated()
                .then();
    }

    /** Every second. Answers false when the worker is not known (any more): register again. */
    public Mono<Boolean> heartbeat(String incarnation, int liveCalls) {
        return db.sql("""
                        update voice_workers set heartbeat_at = clock_timestamp(), live_calls = :calls
                        where incarnation = :incarnation""")
                .bind("incarnation", incarnation)
                .bind("calls", liveCalls)
                .fetch()
                .rowsUpdated()
                .map(n -> n == 1);
    }

    /** Takes no new calls from now on. */
    public Mono<Void> drain(String incarnation) {
        return db.sql("update voice_workers set draining = true where incarnation = :incarnation")
                .bind("incarnation", incarnation)
                .fetch()
                .rowsUpdated()
                .then();
    }

    /** Gone for good. */
    public Mono<Void> remove(String incarnation) {
        return db.sql("delete from voice_workers where incarnation = :incarnation")
                .bind("incarnation", incarnation)
                .fetch()
                .rowsUpdated()
                .then();
    }

    /** Workers with a fresh heartbeat that take calls, the least busy first; ties in an order that varies. */
    public Flux<VoiceWorker> live(int limit) {
        return db.sql("""
                        select incarnation, media_url, task_queue, capacity, live_calls from voice_workers
                        where not draining and live_calls < capacity
                          and heartbeat_at > clock_timestamp() - :stale * interval '1 millisecond'
                        order by live_calls, random() limit :limit""")
                .bind("stale", Limits.VOICE_WORKER_STALE.toMillis())
                .bind("limit", limit)
                .map(row -> new VoiceWorker(
                        Rows.text(row, "incarnation"),
                        Rows.text(row, "media_url"),
                        Rows.text(row, "task_queue"),
                        Rows.number(row, "capacity"),
                        Rows.number(row, "live_calls")))
                .all();
    }
}
