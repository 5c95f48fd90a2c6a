package ai.callmeback.db.call;

import ai.callmeback.db.inbox.InboxTable;
import ai.callmeback.domain.CallId;
import ai.callmeback.domain.policy.Backoff;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.UUID;
import org.springframework.r2dbc.core.DatabaseClient;
import org.springframework.stereotype.Component;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import tools.jackson.core.type.TypeReference;

/** Webhooks between their acknowledgement and their application. Storing notifies {@link #CHANNEL}. */
@Component
public final class WebhookInbox {
    public static final String CHANNEL = "webhook_inbox";

    private static final TypeReference<Map<String, String>> FIELDS = new TypeReference<>() {};

    private final DatabaseClient db;
    private final InboxTable<Long> inbox;

    public WebhookInbox(DatabaseClient db) {
        this.db = db;
        this.inbox = new InboxTable<>(db, "webhook_inbox", "id", "id");
    }

    /** Stores a webhook; answers false for a repeat, and for a call that does not exist. */
    public Mono<Boolean> store(InboxMessage message) {
        return db.sql("""
                        with stored as (
                          insert into webhook_inbox
                              (source, kind, dedupe_key, call_id, attempt, payload, received_at, next_attempt_at)
                            select :source, :kind, :dedupe, c.id, :attempt, :payload, :at, :at from calls c where c.id = :call
                            on conflict on constraint webhook_inbox_once do nothing returning id)
                        select count(*)::integer as n, count(pg_notify('webhook_inbox', '')) from stored""")
                .bind("source", message.source())
                .bind("kind", message.kind())
                .bind("dedupe", message.dedupeKey())
                .bind("call", message.callId().value())
                .bind("attempt", message.attempt())
                .bind("payload", Rows.toJson(message.payload()))
                .bind("at", message.receivedAt())
                .map(row -> Rows.number(row, "n") == 1)
                .one();
    }

    /** Leases due messages to one relay; they come again if it dies. */
    public Flux<InboxMessage> lease(int limit, Duration lease, Instant now) {
        return inbox.lease(
                limit,
                lease,
                now,
                row -> new InboxMessage(
                        Rows.required(row, "id", Long.class),
                        Rows.text(row, "source"),
                        Rows.text(row, "kind"),
                        Rows.text(row, "dedupe_key"),
                        new CallId(Rows.required(row, "call_id", UUID.class)),
                        Rows.number(row, "attempt"),
                        Rows.JSON.readValue(Rows.json(row, "payload"), FIELDS),
                        Rows.instant(row, "received_at")));
    }

    public Mono<Void> applied(long id, Instant at) {
        return inbox.applied(id, at);
    }

    /** Not yet; again after the back-off of {@link Backoff#TELEPHONY_EVENT}. */
    public Mono<Void> failed(long id, String error, Instant at) {
        return inbox.failed(id, error, Backoff.TELEPHONY_EVENT, at);
    }
}
