package ai.callmeback.db.purchase;

import static ai.callmeback.db.row.Columns.bind;
import static ai.callmeback.db.row.Columns.text;

import ai.callmeback.db.inbox.InboxTable;
import ai.callmeback.db.row.Columns;
import ai.callmeback.domain.policy.Backoff;
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
    private final InboxTable<String> inbox;

    public PaymentEvents(DatabaseClient db) {
        this.db = db;
        this.inbox = new InboxTable<>(db, "payment_events", "event_id", "received_at");
    }

    /** Stores an event; answers false for one that is known. */
    public Mono<Boolean> store(PaymentEvent event) {
        var call = db.sql("""
                        insert into payment_events (event_id, type, object_id, purchase_id, subscription_id,
                          card_setup_id, received_at, next_attempt_at)
                        values (:id, :type, :object, :purchase, :subscription, :setup, :at, :at) on conflict (event_id) do nothing""")
                .bind("id", event.eventId())
                .bind("type", event.type())
                .bind("object", event.objectId())
                .bind("at", event.receivedAt());
        call = bind(call, "purchase", event.purchaseId(), UUID.class);
        call = bind(call, "setup", event.cardSetupId(), UUID.class);
        return bind(call, "subscription", event.subscriptionId(), UUID.class)
                .fetch()
                .rowsUpdated()
                .map(stored -> stored == 1);
    }

    /** Leases due events to one relay; they come again if it dies. */
    public Flux<PaymentEvent> lease(int limit, Duration lease, Instant now) {
        return inbox.lease(
                limit,
                lease,
                now,
                row -> new PaymentEvent(
                        text(row, "event_id"),
                        text(row, "type"),
                        text(row, "object_id"),
                        row.get("purchase_id", UUID.class),
                        row.get("subscription_id", UUID.class),
                        row.get("card_setup_id", UUID.class),
                        Columns.of(row, "received_at", Instant.class)));
    }

    public Mono<Void> applied(String eventId, Instant at) {
        return inbox.applied(eventId, at);
    }

    /** Not yet; again after the back-off of {@link Backoff#PAYMENT_EVENT}. */
    public Mono<Void> failed(String eventId, String error, Instant at) {
        return inbox.failed(eventId, error, Backoff.PAYMENT_EVENT, at);
    }
}
