package ai.callmeback.db.purchase;

import static ai.callmeback.db.row.Columns.bind;
import static ai.callmeback.db.row.Columns.number;
import static ai.callmeback.db.row.Columns.text;

import ai.callmeback.db.inbox.StartTable;
import ai.callmeback.db.row.Columns;
import ai.callmeback.domain.UsdMicros;
import ai.callmeback.domain.purchase.PurchaseId;
import io.r2dbc.spi.Readable;
import java.time.Duration;
import java.time.Instant;
import java.util.UUID;
import org.springframework.r2dbc.core.DatabaseClient;
import org.springframework.stereotype.Repository;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** Refunds ordered by finance. Never more than was paid, whatever is on its way at the same time. */
@Repository
public class RefundOrders {
    private static final String SELECT = """
            select o.*, p.payment_intent from refund_orders o join purchases p on p.id = o.purchase_id
            """;

    private final DatabaseClient db;
    private final StartTable starts;

    public RefundOrders(DatabaseClient db) {
        this.db = db;
        this.starts = new StartTable(db, "refund_orders");
    }

    /** Accepts an order, once per purchase and key; after it the order's workflow will be started. */
    public Mono<RefundOrderOutcome> accept(NewRefundOrder order) {
        UsdMicros amount = order.amount();
        var call = db.sql("select * from refund_order_accept(:id, :purchase, :by, :key, :amount, :note, :at)")
                .bind("id", order.id())
                .bind("purchase", order.purchaseId().value())
                .bind("by", order.orderedBy().value())
                .bind("key", order.idempotencyKey())
                .bind("note", order.note())
                .bind("at", order.at());
        return bind(call, "amount", amount == null ? null : amount.amountMicros(), Long.class)
                .map(row -> outcome(row))
                .one();
    }

    private static RefundOrderOutcome outcome(Readable row) {
        String outcome = text(row, "outcome");
        return switch (outcome) {
            case "ordered", "repeated" -> new RefundOrderOutcome.Accepted(Columns.of(row, "order_id", UUID.class));
            case "conflict" -> new RefundOrderOutcome.Conflict();
            case "unknown_purchase" -> new RefundOrderOutcome.UnknownPurchase();
            case "not_paid" -> new RefundOrderOutcome.NotPaid();
            case "disputed" -> new RefundOrderOutcome.Disputed();
            case "exceeds" -> new RefundOrderOutcome.Exceeds(new UsdMicros(number(row, "left_micros")));
            default -> throw new IllegalStateException("a refund was answered '" + outcome + "'");
        };
    }

    public Mono<RefundOrder> find(UUID id) {
        return db.sql(SELECT + "where o.id = :id")
                .bind("id", id)
                .map(row -> new RefundOrder(
                        id,
                        new PurchaseId(Columns.of(row, "purchase_id", UUID.class)),
                        text(row, "payment_intent"),
                        new UsdMicros(number(row, "amount_micros")),
                        text(row, "note"),
                        RefundOrder.Status.valueOf(text(row, "status")),
                        row.get("status_reason", String.class),
                        row.get("vendor_refund_id", String.class),
                        Columns.of(row, "created_at", Instant.class)))
                .one();
    }

    /** The vendor has taken it on; a repeat changes nothing. */
    public Mono<Void> issued(UUID id, String vendorRefundId, Instant at) {
        return db.sql("""
                        update refund_orders set status = 'ISSUED', vendor_refund_id = :refund, updated_at = :at
                        where id = :id and status = 'ORDERED'""")
                .bind("id", id)
                .bind("refund", vendorRefundId)
                .bind("at", at)
                .fetch()
                .rowsUpdated()
                .then();
    }

    /** The vendor will never do it. */
    public Mono<Void> refused(UUID id, String reason, Instant at) {
        return db.sql("""
                        update refund_orders
                        set status = 'FAILED', status_reason = :reason, updated_at = :at, start_due_at = null
                        where id = :id and status = 'ORDERED'""")
                .bind("id", id)
                .bind("reason", reason)
                .bind("at", at)
                .fetch()
                .rowsUpdated()
                .then();
    }

    /** A refund came back, ordered by us or not. */
    public Mono<Void> cameBack(String vendorRefundId, Instant at) {
        return db.sql("""
                        update refund_orders set status = 'FAILED', status_reason = 'came_back', updated_at = :at
                        where vendor_refund_id = :refund and status = 'ISSUED'""")
                .bind("refund", vendorRefundId)
                .bind("at", at)
                .fetch()
                .rowsUpdated()
                .then();
    }

    /** Orders whose workflow should be made sure of; each comes again after {@code pause} until it is over. */
    public Flux<UUID> due(int limit, Duration pause, Instant now) {
        return starts.due(limit, pause, now);
    }

    /** Earlier than planned: the start failed. */
    public Mono<Void> dueAt(UUID id, Instant next) {
        return starts.dueAt(id, next);
    }

    /** The workflow is over and nobody needs to look any more. */
    public Mono<Void> over(UUID id) {
        return db.sql("update refund_orders set start_due_at = null where id = :id")
                .bind("id", id)
                .fetch()
                .rowsUpdated()
                .then();
    }
}
