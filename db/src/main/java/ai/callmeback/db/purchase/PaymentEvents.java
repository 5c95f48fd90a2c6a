package ai.callmeback.db.purchase;

import static ai.callmeback.db.purchase.Columns.bind;
import static ai.callmeback.db.purchase.Columns.text;

import java.time.Duration;
import java.time.Instant;
import java.util.UUID;
import org.springframework.r2dbc.core.DatabaseClient;
import org.springframework.stereotype.Repository;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** The payment vendor's events between their acknowledgement and their application. */
@Repository
public class PaymentEvents {
    private final DatabaseClient db;

    public PaymentEvents(DatabaseClient db) {
        this.db = db;
    }

    /** Stores an event; answers false for one that is known. */
    public Mono<Boolean> store(PaymentEvent event) {
        var call = db.sql("""
                        insert into payment_events (event_id, type, object_id, purchase_id, received_at, next_attempt_at)
                        values (:id, :type, :object, :purchase, :at, :at) on conflict (event_id) do nothing""")
                .bind("id", event.eventId())
                .bind("type", event.type())
                .bind("object", event.objectId())
                .bind("at", event.receivedAt());
        return bind(call, "purchase", event.purchaseId(), UUID.class)
                .fetch()
                .rowsUpdated()
                .map(stored -> stored == 1);
    }

    /** Leases due events to one relay; they come again if it dies. */
    public Flux<PaymentEvent> lease(int limit, Duration lease, Instant now) {
        return db.sql("""
                        with due as (select event_id from payment_events
                                     where applied_at is null and next_attempt_at <= :now
                                     order by received_at limit :limit for update skip locked)
                        update payment_events e set attempts = attempts + 1, next_attempt_at = :until
                        from due where e.event_id = due.event_id returning e.*""")
                .bind("now", now)
                .bind("limit", limit)
                .bind("until", now.plus(lease))
                .map(row -> new PaymentEvent(
                        text(row, "event_id"),
                        text(row, "type"),
                        text(row, "object_id"),
                        row.get("purchase_id", UUID.class),
                        Columns.of(row, "received_at", Instant.class)))
                .all();
    }

    public Mono<Void> applied(String eventId, Instant at) {
        return db.sql("update payment_events set applied_at = :at, last_error = null where event_id = :id")
                .bind("id", eventId)
                .bind("at", at)
                .fetch()
                .rowsUpdated()
                .then();
    }

    /** Not yet; again at {@code next}. */
    public Mono<Void> failed(String eventId, String error, Instant next) {
        return db.sql("update payment_events set last_error = :error, next_attempt_at = :next where event_id = :id")
                .bind("id", eventId)
                .bind("error", error)
                .bind("next", next)
                .fetch()
                .rowsUpdated()
                .then();
    }
}
