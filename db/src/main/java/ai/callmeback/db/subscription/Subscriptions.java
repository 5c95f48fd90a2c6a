package ai.callmeback.db.subscription;

import static ai.callmeback.db.row.Columns.bind;
import static ai.callmeback.db.row.Columns.text;

import ai.callmeback.db.inbox.StartTable;
import ai.callmeback.db.row.Columns;
import ai.callmeback.domain.UserId;
import ai.callmeback.domain.subscription.SubscriptionId;
import ai.callmeback.domain.subscription.SubscriptionLifecycle;
import ai.callmeback.domain.subscription.SubscriptionStatus;
import io.r2dbc.spi.Readable;
import java.time.Duration;
import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.r2dbc.core.DatabaseClient;
import org.springframework.stereotype.Repository;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** Subscriptions, from the wish to the end. Every move is permitted by {@link SubscriptionLifecycle} or does not happen. */
@Repository
public class Subscriptions {
    private final DatabaseClient db;
    private final StartTable starts;

    public Subscriptions(DatabaseClient db) {
        this.db = db;
        this.starts = new StartTable(db, "subscriptions");
    }

    /** Accepts a wish for a plan; after it the subscription's workflow will be started. */
    public Mono<SubscriptionOutcome> accept(SubscriptionId id, UserId user, String plan, String key, Instant at) {
        return db.sql("select outcome, subscription_id from subscription_accept(:id, :user, :plan, :key, :at)")
                .bind("id", id.value())
                .bind("user", user.value())
                .bind("plan", plan)
                .bind("key", key)
                .bind("at", at)
                .map(row -> outcome(row))
                .one();
    }

    private static SubscriptionOutcome outcome(Readable row) {
        return switch (text(row, "outcome")) {
            case "accepted" ->
                new SubscriptionOutcome.Accepted(new SubscriptionId(Columns.of(row, "subscription_id", UUID.class)));
            case "repeated" ->
                new SubscriptionOutcome.Repeated(new SubscriptionId(Columns.of(row, "subscription_id", UUID.class)));
            case "conflict" -> new SubscriptionOutcome.Conflict();
            default -> new SubscriptionOutcome.Refused(text(row, "outcome"));
        };
    }

    public Mono<Subscription> find(SubscriptionId id) {
        return db.sql("select * from subscriptions where id = :id")
                .bind("id", id.value())
                .map(row -> subscription(row))
                .one();
    }

    /** Empty also when it is another's. */
    public Mono<Subscription> findOwned(UserId user, SubscriptionId id) {
        return find(id).filter(subscription -> subscription.userId().equals(user));
    }

    /** The newest first. */
    public Flux<Subscription> list(UserId user, int limit) {
        return db.sql("select * from subscriptions where user_id = :user order by created_at desc limit :limit")
                .bind("user", user.value())
                .bind("limit", limit)
                .map(row -> subscription(row))
                .all();
    }

    /** Another subscription of the same person that is paid for; empty as a rule. */
    public Mono<SubscriptionId> another(Subscription than) {
        return db.sql("""
                        select id from subscriptions
                        where user_id = :user and id <> :id and status in ('ACTIVE', 'PAST_DUE') limit 1""")
                .bind("user", than.userId().value())
                .bind("id", than.id().value())
                .map(row -> new SubscriptionId(Columns.of(row, "id", UUID.class)))
                .one();
    }

    /** The checkout is open; a repeat changes nothing. */
    public Mono<Void> opened(SubscriptionId id, String session, String url, Instant expiresAt, Instant at) {
        return db.sql("""
                        update subscriptions set status = 'OPEN', checkout_session = :session, checkout_url = :url,
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
     * What the payment vendor says of it now.
     *
     * @param planCode what is paid for from the next period on
     */
    public record Seen(
            String vendorId, String planCode, Instant periodStart, Instant periodEnd, boolean endsAtPeriodEnd) {}

    /** Keeps what was seen at the payment vendor; the latest stands. */
    public Mono<Void> seen(SubscriptionId id, Seen seen, Instant at) {
        return db.sql("""
                        update subscriptions set vendor_subscription = :vendor, plan_code = :plan, period_start = :start,
                          period_end = :end, ends_at_period_end = :ends, updated_at = :at
                        where id = :id and status not in ('ENDED', 'FAILED')""")
                .bind("id", id.value())
                .bind("vendor", seen.vendorId())
                .bind("plan", seen.planCode())
                .bind("start", seen.periodStart())
                .bind("end", seen.periodEnd())
                .bind("ends", seen.endsAtPeriodEnd())
                .bind("at", at)
                .fetch()
                .rowsUpdated()
                .then();
    }

    /** Moves a subscription; answers false when it does not stand where the move begins (it was moved before). */
    public Mono<Boolean> move(SubscriptionId id, SubscriptionStatus to, @Nullable String reason, Instant at) {
        String[] from = SubscriptionLifecycle.predecessors(to).stream()
                .map(SubscriptionStatus::name)
                .toArray(String[]::new);
        var call = db.sql("""
                        update subscriptions set status = :to, status_reason = :reason, updated_at = :at
                        where id = :id and status = any (:from)""")
                .bind("id", id.value())
                .bind("to", to.name())
                .bind("from", from)
                .bind("at", at);
        return bind(call, "reason", reason, String.class).fetch().rowsUpdated().map(moved -> moved == 1);
    }

    /** Subscriptions to look at; each comes again after {@code pause} until it is over. */
    public Flux<SubscriptionId> due(int limit, Duration pause, Instant now) {
        return starts.due(limit, pause, now).map(SubscriptionId::new);
    }

    /** Earlier than planned: the start failed. */
    public Mono<Void> dueAt(SubscriptionId id, Instant next) {
        return starts.dueAt(id.value(), next);
    }

    /** The workflow is over and nobody needs to look any more. */
    public Mono<Void> over(SubscriptionId id) {
        return db.sql("update subscriptions set start_due_at = null where id = :id and status in"
                        + " ('ENDED', 'EXPIRED', 'FAILED')")
                .bind("id", id.value())
                .fetch()
                .rowsUpdated()
                .then();
    }

    private static Subscription subscription(Readable row) {
        return new Subscription(
                new SubscriptionId(Columns.of(row, "id", UUID.class)),
                new UserId(Columns.of(row, "user_id", UUID.class)),
                text(row, "plan_code"),
                SubscriptionStatus.valueOf(text(row, "status")),
                row.get("status_reason", String.class),
                row.get("checkout_session", String.class),
                row.get("checkout_url", String.class),
                row.get("checkout_expires_at", Instant.class),
                Columns.of(row, "superseded", Boolean.class),
                row.get("vendor_subscription", String.class),
                row.get("period_start", Instant.class),
                row.get("period_end", Instant.class),
                Columns.of(row, "ends_at_period_end", Boolean.class),
                Columns.of(row, "created_at", Instant.class));
    }
}
