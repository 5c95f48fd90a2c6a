package ai.callmeback.db.call;

import ai.callmeback.domain.CallId;
import ai.callmeback.domain.conversation.Brief;
import java.time.Instant;
import org.springframework.r2dbc.core.DatabaseClient;
import org.springframework.stereotype.Component;
import reactor.core.publisher.Mono;

/** Conversation briefs, one per attempt, stored before the attempt is dialled. */
@Component
public final class Briefs {
    private final DatabaseClient db;

    public Briefs(DatabaseClient db) {
        this.db = db;
    }

    /** Stores the brief; a repeat for the same attempt replaces it. */
    public Mono<Void> put(Brief brief, Instant at) {
        return db.sql("""
                        insert into briefs (call_id, attempt, content, prepared_at) values (:id, :attempt, :content, :at)
                        on conflict (call_id, attempt) do update set content = excluded.content,
                          prepared_at = excluded.prepared_at""")
                .bind("id", brief.callId().value())
                .bind("attempt", brief.attempt())
                .bind("content", Rows.toJson(brief))
                .bind("at", at)
                .fetch()
                .rowsUpdated()
                .then();
    }

    public Mono<Brief> get(CallId id, int attempt) {
        return db.sql("select content from briefs where call_id = :id and attempt = :attempt")
                .bind("id", id.value())
                .bind("attempt", attempt)
                .map(row -> Rows.JSON.readValue(Rows.json(row, "content"), Brief.class))
                .one();
    }
}
