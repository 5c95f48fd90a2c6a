package ai.callmeback.db.call;

import ai.callmeback.domain.CallId;
import ai.callmeback.domain.conversation.JournalEvent;
import ai.callmeback.domain.conversation.JournalKind;
import io.r2dbc.postgresql.codec.Json;
import io.r2dbc.spi.Readable;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.r2dbc.core.DatabaseClient;
import org.springframework.stereotype.Component;
import reactor.core.publisher.Flux;
import tools.jackson.core.JacksonException;

/** The journal of conversations, written by their media owners for many calls at once. */
@Component
public final class ConversationJournal {
    private final DatabaseClient db;

    public ConversationJournal(DatabaseClient db) {
        this.db = db;
    }

    /** A leg whose lines were refused, because another worker owns the call by now. */
    public record Fenced(CallId callId, int mediaLeg) {}

    /**
     * Appends lines of any number of calls in one round trip, all or none. Lines already there are skipped; the legs that
     * are no longer this worker's are answered, their lines are dropped. Closed turns become transcript and events.
     */
    public Flux<Fenced> appendBatch(String incarnation, List<JournalEvent> lines, Instant at) {
        if (lines.isEmpty()) {
            return Flux.empty();
        }
        return db.sql("select * from append_journal(:incarnation, :lines, :at)")
                .bind("incarnation", incarnation)
                .bind(
                        "lines",
                        Json.of(Rows.JSON.writeValueAsString(
                                lines.stream().map(ConversationJournal::flat).toList())))
                .bind("at", at)
                .map(row -> new Fenced(
                        new CallId(Rows.required(row, "call_id", UUID.class)), Rows.number(row, "media_leg")))
                .all();
    }

    /** The whole journal of a call, in order. */
    public Flux<JournalEvent> of(CallId id) {
        return db.sql("select * from conversation_events where call_id = :id order by media_leg, seq")
                .bind("id", id.value())
                .map(ConversationJournal::read)
                .all();
    }

    private static Map<String, @Nullable Object> flat(JournalEvent e) {
        var line = new HashMap<String, @Nullable Object>();
        line.put("callId", e.callId().value());
        line.put("mediaLeg", e.mediaLeg());
        line.put("sequence", e.sequence());
        line.put("at", e.at().toString());
        line.put("kind", e.kind().name());
        line.put("turn", e.turn());
        line.put("segment", e.segment());
        line.put("text", e.text());
        line.put("charEndMs", e.charEndMs());
        line.put("heardMs", e.heardMs());
        line.put("interrupted", e.interrupted());
        line.put("latencyMs", e.latencyMs());
        line.put("detail", e.detail() == null ? null : tree(e.detail()));
        return line;
    }

    private static Object tree(String json) {
        try {
            return Rows.JSON.readTree(json);
        } catch (JacksonException e) {
            throw new IllegalArgumentException("detail must be JSON", e);
        }
    }

    private static JournalEvent read(Readable row) {
        Integer[] charEnds = Rows.required(row, "char_end_ms", Integer[].class);
        Json detail = row.get("detail", Json.class);
        return new JournalEvent(
                new CallId(Rows.required(row, "call_id", UUID.class)),
                Rows.number(row, "media_leg"),
                Rows.required(row, "seq", Long.class),
                Rows.instant(row, "at"),
                JournalKind.valueOf(Rows.text(row, "kind")),
                Rows.number(row, "turn"),
                Rows.number(row, "segment"),
                Rows.text(row, "text"),
                List.of(charEnds),
                row.get("heard_ms", Integer.class),
                Rows.required(row, "interrupted", Boolean.class),
                row.get("latency_ms", Integer.class),
                detail == null ? null : detail.asString());
    }
}
