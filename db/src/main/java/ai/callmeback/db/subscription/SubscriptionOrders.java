package ai.callmeback.db.subscription;

import static ai.callmeback.db.row.Columns.bind;
import static ai.callmeback.db.row.Columns.text;

import ai.callmeback.db.row.Columns;
import ai.callmeback.domain.subscription.SubscriptionId;
import io.r2dbc.spi.Readable;
import java.time.Instant;
import java.util.Locale;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.r2dbc.core.DatabaseClient;
import org.springframework.stereotype.Repository;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** Changes that people want, between the wish and the payment vendor's answer. */
@Repository
public class SubscriptionOrders {
    private final DatabaseClient db;

    public SubscriptionOrders(DatabaseClient db) {
        this.db = db;
    }

    /** What became of a wish. */
    public enum Accepted {
        ORDERED,
        REPEATED,
        /** It stands like that. */
        NOTHING,
        /** The key belongs to another wish. */
        CONFLICT,
        UNKNOWN_PRODUCT,
        NOT_A_PLAN,
        SAME_PLAN,
        /** Not in the state the subscription is in. */
        STATE
    }

    public Mono<Accepted> accept(
            UUID id,
            SubscriptionId subscription,
            SubscriptionOrder.Kind kind,
            @Nullable String plan,
            String key,
            Instant at) {
        var call = db.sql("select subscription_order(:id, :subscription, :kind, :plan, :key, :at) as outcome")
                .bind("id", id)
                .bind("subscription", subscription.value())
                .bind("kind", kind.name().toLowerCase(Locale.ROOT))
                .bind("key", key)
                .bind("at", at);
        return bind(call, "plan", plan, String.class)
                .map(row -> Accepted.valueOf(text(row, "outcome").toUpperCase(Locale.ROOT)))
                .one();
    }

    /** Those not carried out yet, in the order they were given. */
    public Flux<SubscriptionOrder> waiting(SubscriptionId subscription) {
        return db.sql(
                        "select * from subscription_orders where subscription_id = :id and status = 'ORDERED' order by seq")
                .bind("id", subscription.value())
                .map(row -> order(row))
                .all();
    }

    /** The last one given. */
    public Mono<SubscriptionOrder> latest(SubscriptionId subscription) {
        return db.sql("select * from subscription_orders where subscription_id = :id order by seq desc limit 1")
                .bind("id", subscription.value())
                .map(row -> order(row))
                .one();
    }

    /** @param reason why it was refused; null when it was done */
    public Mono<Void> over(UUID id, @Nullable String reason, Instant at) {
        var call = db.sql("""
                        update subscription_orders set status = :status, status_reason = :reason, updated_at = :at
                        where id = :id and status = 'ORDERED'""")
                .bind("id", id)
                .bind("status", reason == null ? "DONE" : "REFUSED")
                .bind("at", at);
        return bind(call, "reason", reason, String.class).fetch().rowsUpdated().then();
    }

    private static SubscriptionOrder order(Readable row) {
        return new SubscriptionOrder(
                Columns.of(row, "id", UUID.class),
                SubscriptionOrder.Kind.valueOf(text(row, "kind").toUpperCase(Locale.ROOT)),
                row.get("plan_code", String.class),
                SubscriptionOrder.Status.valueOf(text(row, "status")),
                row.get("status_reason", String.class),
                Columns.of(row, "created_at", Instant.class));
    }
}
