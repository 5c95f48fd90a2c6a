package ai.callmeback.db.purchase;

import static ai.callmeback.db.row.Columns.bind;
import static ai.callmeback.db.row.Columns.number;
import static ai.callmeback.db.row.Columns.text;

import ai.callmeback.db.inbox.StartTable;
import ai.callmeback.db.row.Columns;
import ai.callmeback.domain.Credits;
import ai.callmeback.domain.UsdMicros;
import ai.callmeback.domain.UserId;
import ai.callmeback.domain.purchase.PurchaseId;
import ai.callmeback.domain.purchase.PurchaseLifecycle;
import ai.callmeback.domain.purchase.PurchaseStatus;
import io.r2dbc.spi.Readable;
import java.time.Duration;
import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.r2dbc.core.DatabaseClient;
import org.springframework.stereotype.Repository;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** Purchases, from the wish to the receipt. Every move is permitted by {@link PurchaseLifecycle} or does not happen. */
@Repository
public class Purchases {
    private static final String SELECT = """
            select p.*, q.title from purchases p join products q on q.code = p.product_code
            """;

    private final DatabaseClient db;
    private final StartTable starts;

    public Purchases(DatabaseClient db) {
        this.db = db;
        this.starts = new StartTable(db, "purchases");
    }

    /** Accepts a wish to buy; after it the purchase's workflow will be started. */
    public Mono<PurchaseOutcome> accept(NewPurchase wish) {
        var call = db.sql("select outcome, purchase_id from purchase_accept(:id, :user, :product, :quantity, :coupon,"
                        + " :key, :at)")
                .bind("id", wish.id().value())
                .bind("user", wish.userId().value())
                .bind("product", wish.productCode())
                .bind("quantity", wish.quantity())
                .bind("key", wish.idempotencyKey())
                .bind("at", wish.at());
        return bind(call, "coupon", wish.couponCode(), String.class)
                .map(row -> outcome(row))
                .one();
    }

    private static PurchaseOutcome outcome(Readable row) {
        return switch (text(row, "outcome")) {
            case "accepted" -> new PurchaseOutcome.Accepted(new PurchaseId(Columns.of(row, "purchase_id", UUID.class)));
            case "repeated" -> new PurchaseOutcome.Repeated(new PurchaseId(Columns.of(row, "purchase_id", UUID.class)));
            case "conflict" -> new PurchaseOutcome.Conflict();
            default -> new PurchaseOutcome.Refused(text(row, "outcome"));
        };
    }

    public Mono<Purchase> find(PurchaseId id) {
        return db.sql(SELECT + "where p.id = :id")
                .bind("id", id.value())
                .map(row -> purchase(row))
                .one();
    }

    /** Empty also when it is another's. */
    public Mono<Purchase> findOwned(UserId user, PurchaseId id) {
        return find(id).filter(purchase -> purchase.userId().equals(user));
    }

    /** The purchase a payment was credited to. */
    public Mono<Purchase> ofPayment(String paymentIntent) {
        return db.sql(SELECT + "where p.id = (select purchase_id from credited_payments where payment_intent = :pi)")
                .bind("pi", paymentIntent)
                .map(row -> purchase(row))
                .one();
    }

    /** The newest first. */
    public Flux<Purchase> list(UserId user, int limit) {
        return db.sql(SELECT + "where p.user_id = :user order by p.created_at desc limit :limit")
                .bind("user", user.value())
                .bind("limit", limit)
                .map(row -> purchase(row))
                .all();
    }

    /** The checkout is open; a repeat changes nothing. */
    public Mono<Void> opened(PurchaseId id, String session, String url, Instant expiresAt, Instant at) {
        return db.sql("""
                        update purchases set status = 'OPEN', checkout_session = :session, checkout_url = :url,
                          checkout_expires_at = :expires, updated_at = :at
                        where id = :id and status = 'NEW'""")
                .bind("id", id.value())
                .bind("session", session)
                .bind("url", url)
                .bind("expires", expiresAt)
                .bind("at", at)
                .fetch()
                .rowsUpdated()
                .then();
    }

    /**
     * Moves a purchase; answers false when it does not stand where the move begins (it was moved before). A purchase that
     * ends without money gives its coupon back.
     */
    public Mono<Boolean> move(PurchaseId id, PurchaseStatus to, @Nullable String reason, Instant at) {
        String[] from = PurchaseLifecycle.TABLE.stream()
                .filter(move -> move.to() == to)
                .map(move -> move.from().name())
                .toArray(String[]::new);
        var call = db.sql("""
                        with moved as (
                          update purchases set status = :to, status_reason = :reason, updated_at = :at,
                            receipt_sent_at = case when :to = 'COMPLETED' then :at else receipt_sent_at end
                          where id = :id and status = any (:from) returning id),
                        returned as (
                          delete from coupon_redemptions using moved
                          where purchase_id = moved.id and :to in ('EXPIRED', 'FAILED'))
                        select count(*) as n from moved""")
                .bind("id", id.value())
                .bind("to", to.name())
                .bind("from", from)
                .bind("at", at);
        return bind(call, "reason", reason, String.class)
                .map(row -> number(row, "n") == 1)
                .one();
    }

    /**
     * I6: credits a payment, once per payment intent and per purchase.
     *
     * @param paid what the vendor says was paid
     */
    public Mono<CreditOutcome> credit(PurchaseId id, String paymentIntent, UsdMicros paid, Instant at) {
        return db.sql("select outcome, result ->> 'grantId' as grant_id from purchase_credit(:id, :pi, :paid, :at)")
                .bind("id", id.value())
                .bind("pi", paymentIntent)
                .bind("paid", paid.amountMicros())
                .bind("at", at)
                .map(row -> switch (text(row, "outcome")) {
                    case "posted" -> CreditOutcome.CREDITED;
                    case "repeated" -> CreditOutcome.CREDITED_BEFORE;
                    default -> CreditOutcome.CONFLICT;
                })
                .one();
    }

    /** What became of a credit. */
    public enum CreditOutcome {
        CREDITED,
        CREDITED_BEFORE,
        /** The purchase was paid by another payment, or the payment bought another purchase. */
        CONFLICT
    }

    /** Purchases whose workflow should be made sure of; each comes again after {@code pause} until it is over. */
    public Flux<PurchaseId> due(int limit, Duration pause, Instant now) {
        return starts.due(limit, pause, now).map(PurchaseId::new);
    }

    /** Earlier than planned: the start failed. */
    public Mono<Void> dueAt(PurchaseId id, Instant next) {
        return starts.dueAt(id.value(), next);
    }

    /** The workflow is over and nobody needs to look any more. */
    public Mono<Void> over(PurchaseId id) {
        return db.sql("update purchases set start_due_at = null where id = :id and status in"
                        + " ('COMPLETED', 'EXPIRED', 'FAILED', 'CASE')")
                .bind("id", id.value())
                .fetch()
                .rowsUpdated()
                .then();
    }

    private static Purchase purchase(Readable row) {
        return new Purchase(
                new PurchaseId(Columns.of(row, "id", UUID.class)),
                new UserId(Columns.of(row, "user_id", UUID.class)),
                text(row, "product_code"),
                text(row, "title"),
                Columns.of(row, "quantity", Integer.class),
                row.get("coupon_code", String.class),
                new UsdMicros(number(row, "amount_micros")),
                new Credits(number(row, "seconds")),
                new Credits(number(row, "bonus_seconds")),
                PurchaseStatus.valueOf(text(row, "status")),
                row.get("status_reason", String.class),
                row.get("checkout_session", String.class),
                row.get("checkout_url", String.class),
                row.get("checkout_expires_at", Instant.class),
                row.get("payment_intent", String.class),
                row.get("grant_id", UUID.class),
                row.get("receipt_sent_at", Instant.class),
                row.get("topup_id", UUID.class),
                row.get("topup_payment", String.class),
                Columns.of(row, "created_at", Instant.class));
    }
}
