package ai.callmeback.db.call;

import ai.callmeback.domain.CallId;
import io.r2dbc.postgresql.codec.Json;
import java.time.Instant;
import java.util.Map;
import java.util.UUID;
import org.springframework.r2dbc.core.DatabaseClient;
import org.springframework.stereotype.Component;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** What users see happening, in order per call. Each append notifies {@link #CHANNEL} with the call's id. */
@Component
public final class CallEvents {
    /** The PostgreSQL notification channel; its payload is the call id. */
    public static final String CHANNEL = "call_events";

    private final DatabaseClient db;

    public CallEvents(DatabaseClient db) {
        this.db = db;
    }

    /** Appends and answers the sequence; a repeat with the same key appends nothing and answers the first one's. */
    public Mono<Integer> append(CallId id, String kind, Map<String, Object> data, String dedupeKey, Instant at) {
        return db.sql("select append_call_event(:id, :kind, :data, :dedupe, :at) as seq")
                .bind("id", id.value())
                .bind("kind", kind)
                .bind("data", Rows.toJson(data))
                .bind("dedupe", dedupeKey)
                .bind("at", at)
                .map(row -> Rows.number(row, "seq"))
                .one();
    }

    /** Events after {@code afterSequence} (0 for all), oldest first. */
    public Flux<CallEvent> since(CallId id, int afterSequence, int limit) {
        return db.sql("""
                        select call_id, seq, kind, data, at from call_events
                        where call_id = :id and seq > :after order by seq limit :limit""")
                .bind("id", id.value())
                .bind("after", afterSequence)
                .bind("limit", limit)
                .map(row -> new CallEvent(
                        new CallId(Rows.required(row, "call_id", UUID.class)),
                        Rows.number(row, "seq"),
                        Rows.text(row, "kind"),
                        Rows.required(row, "data", Json.class).asString(),
                        Rows.instant(row, "at")))
                .all();
    }
}
