package ai.callmeback.db.call;

import ai.callmeback.domain.CallId;
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

    public WebhookInbox(DatabaseClient db) {
        this.db = db;
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

    /**
     * Leases due messages to one relay for {@code lease}: another relay does not get them meanwhile, and they come again
     * if this one dies.
     */
    public Flux<InboxMessage> lease(int limit, Duration lease, Instant now) {
        return db.sql("""
                        with due as (select id from webhook_inbox where applied_at is null and next_attempt_at <= :now
                                     order by id limit :limit for update skip locked)
                        update webhook_inbox w set attempts = attempts + 1, next_attempt_at = :until
                        from due where w.id = due.id returning w.*""")
                .bind("now", now)
                .bind("limit", limit)
                .bind("until", now.plus(lease))
                .map(row -> new InboxMessage(
                        Rows.required(row, "id", Long.class),
                        Rows.text(row, "source"),
                        Rows.text(row, "kind"),
                        Rows.text(row, "dedupe_key"),
                        new CallId(Rows.required(row, "call_id", UUID.class)),
                        Rows.number(row, "attempt"),
                        Rows.JSON.readValue(Rows.json(row, "payload"), FIELDS),
                        Rows.instant(row, "received_at")))
                .all();
    }

    public Mono<Void> applied(long id, Instant at) {
        return db.sql("update webhook_inbox set applied_at = :at, last_error = null where id = :id")
                .bind("id", id)
                .bind("at", at)
                .fetch()
                .rowsUpdated()
                .then();
    }

    /** Not yet; again at {@code next}. */
    public Mono<Void> failed(long id, String error, Instant next) {
        return db.sql("update webhook_inbox set last_error = :error, next_attempt_at = :next where id = :id")
                .bind("id", id)
                .bind("error", error)
                .bind("next", next)
                .fetch()
                .rowsUpdated()
                .then();
    }
}
