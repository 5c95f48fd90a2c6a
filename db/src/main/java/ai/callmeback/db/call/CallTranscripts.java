package ai.callmeback.db.call;

import ai.callmeback.domain.CallId;
import ai.callmeback.domain.conversation.Turn;
import io.r2dbc.postgresql.codec.Json;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.r2dbc.core.DatabaseClient;
import org.springframework.stereotype.Component;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** What was said in calls, as long as it is kept: transcript, summary, and how many words there were. */
@Component
public final class CallTranscripts {
    private final DatabaseClient db;

    public CallTranscripts(DatabaseClient db) {
        this.db = db;
    }

    /** Words of the user in final transcripts, in the media legs of these attempts. */
    public Mono<Integer> userWords(CallId id, Collection<Integer> attempts) {
        return db.sql("""
                        select coalesce(sum(cardinality(regexp_split_to_array(trim(e.text), '\\s+'))), 0)::integer as n
                        from conversation_events e
                          join media_legs l on l.call_id = e.call_id and l.media_leg = e.media_leg
                        where e.call_id = :id and l.attempt = any (:attempts) and e.kind = 'USER_SAID'
                          and trim(e.text) <> ''""")
                .bind("id", id.value())
                .bind("attempts", attempts.toArray(Integer[]::new))
                .map(row -> Rows.number(row, "n"))
                .one();
    }

    /** A repeat overwrites. */
    public Mono<Void> summary(CallId id, String summary, Instant at) {
        return db.sql("update calls set summary = :summary, updated_at = :at where id = :id")
                .bind("id", id.value())
                .bind("summary", summary)
                .bind("at", at)
                .fetch()
                .rowsUpdated()
                .then();
    }

    /** The transcript: turns that are over, as heard. */
    public Flux<CallTurn> turns(CallId id) {
        return db.sql("""
                        select turn, speaker, text, interrupted, latency_ms, record, at from call_turns where call_id = :id
                        order by turn""")
                .bind("id", id.value())
                .map(row -> new CallTurn(
                        Rows.number(row, "turn"),
                        Rows.text(row, "speaker"),
                        Rows.text(row, "text"),
                        Rows.required(row, "interrupted", Boolean.class),
                        row.get("latency_ms", Integer.class),
                        Optional.ofNullable(row.get("record", Json.class))
                                .map(Json::asString)
                                .orElse(null),
                        Rows.instant(row, "at")))
                .all();
    }

    /** Adds turns that were never closed (their worker died); turns already there stay as they are. */
    public Mono<Long> add(CallId id, List<Turn> turns) {
        return Flux.fromIterable(turns)
                .concatMap(turn -> db.sql("""
                                insert into call_turns (call_id, turn, speaker, text, interrupted, at)
                                values (:id, :turn, :speaker, :text, :interrupted, :at) on conflict do nothing""")
                        .bind("id", id.value())
                        .bind("turn", turn.number())
                        .bind("speaker", turn.speaker().name())
                        .bind("text", turn.text())
                        .bind("interrupted", turn.interrupted())
                        .bind("at", turn.at())
                        .fetch()
                        .rowsUpdated())
                .reduce(0L, Long::sum);
    }

    /** Deletes what was said: journal, recording, transcript, briefs, summary, and the words in events. A repeat finds nothing. */
    public Mono<Void> purge(CallId id, Instant at) {
        return db.sql("""
                        with j as (delete from conversation_events where call_id = :id),
                             t as (delete from call_turns where call_id = :id),
                             b as (delete from briefs where call_id = :id),
                             g as (delete from greetings where call_id = :id),
                             r as (delete from recording_chunks where call_id = :id),
                             e as (update call_events set data = data - 'text' where call_id = :id and kind = 'turn')
                        update calls set summary = null, pretext = '', words_purged_at = :at where id = :id""")
                .bind("id", id.value())
                .bind("at", at)
                .fetch()
                .rowsUpdated()
                .then();
    }

    /**
     * Purges calls that were over before a time and still have their words, the oldest first, whether or not anybody spoke
     * in them. Answers how many; a repeat goes on with the next.
     *
     * @param limit of calls
     */
    public Mono<Long> purgeOverBefore(Instant over, int limit, Instant at) {
        return db.sql("""
                        select id from calls
                        where words_purged_at is null and coalesce(ended_at, updated_at) < :over
                          and status = any (:terminal)
                        order by coalesce(ended_at, updated_at) limit :limit""")
                .bind("over", over)
                .bind("terminal", CallStore.TERMINAL)
                .bind("limit", limit)
                .map(row -> new CallId(Rows.required(row, "id", UUID.class)))
                .all()
                .concatMap(id -> purge(id, at).thenReturn(id))
                .count();
    }

    /**
     * @param speaker {@code USER} or {@code AGENT}
     * @param record where the time of the agent's turn went, a JSON object as its voice worker wrote it; null for the user
     */
    public record CallTurn(
            int turn,
            String speaker,
            String text,
            boolean interrupted,
            @Nullable Integer latencyMs,
            @Nullable String record,
            Instant at) {}
}
