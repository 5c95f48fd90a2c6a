package ai.callmeback.db.subscription;

import static ai.callmeback.db.row.Columns.bind;
import static ai.callmeback.db.row.Columns.number;
import static ai.callmeback.db.row.Columns.text;

import ai.callmeback.db.row.Columns;
import ai.callmeback.domain.Credits;
import ai.callmeback.domain.UsdMicros;
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

/** What paid invoices brought, and the e-mails that are owed about a subscription. */
@Repository
public class SubscriptionPeriods {
    private final DatabaseClient db;

    public SubscriptionPeriods(DatabaseClient db) {
        this.db = db;
    }

    /** A paid invoice, and what it brings. */
    public record NewPeriod(
            String invoiceId,
            Period.Reason reason,
            String planCode,
            Instant startsAt,
            Instant endsAt,
            Credits credits,
            long calls,
            UsdMicros amount,
            @Nullable String paymentIntent) {}

    /** What became of a credit. */
    public enum Credited {
        POSTED,
        REPEATED,
        /** The invoice was booked as something else, or its payment bought something else. */
        CONFLICT
    }

    /** I6: credits a paid invoice, once per invoice and per payment. */
    public Mono<Credited> credit(SubscriptionId id, NewPeriod period, Instant at) {
        var call = db.sql("""
                        select subscription_credit(:id, :invoice, :reason, :plan, :from, :until, :seconds, :calls, :amount,
                                                   :payment, :at) as outcome""")
                .bind("id", id.value())
                .bind("invoice", period.invoiceId())
                .bind("reason", period.reason().name().toLowerCase(Locale.ROOT))
                .bind("plan", period.planCode())
                .bind("from", period.startsAt())
                .bind("until", period.endsAt())
                .bind("seconds", period.credits().seconds())
                .bind("calls", period.calls())
                .bind("amount", period.amount().amountMicros())
                .bind("at", at);
        return bind(call, "payment", period.paymentIntent(), String.class)
                .map(row -> Credited.valueOf(text(row, "outcome").toUpperCase(Locale.ROOT)))
                .one();
    }

    /** The latest first. */
    public Flux<Period> list(SubscriptionId id, int limit) {
        return db.sql("""
                        select * from subscription_periods where subscription_id = :id
                        order by starts_at desc, booked_at desc limit :limit""")
                .bind("id", id.value())
                .bind("limit", limit)
                .map(row -> period(row))
                .all();
    }

    /** The fee is booked as it was; nothing more is to be learnt. */
    public Mono<Void> feeKnown(String invoiceId) {
        return db.sql("update subscription_periods set fee_known = true where invoice_id = :invoice")
                .bind("invoice", invoiceId)
                .fetch()
                .rowsUpdated()
                .then();
    }

    /** That an e-mail is owed, once. */
    public Mono<Void> notice(SubscriptionNotice notice, Instant at) {
        return db.sql("""
                        insert into subscription_notices (subscription_id, kind, ref, noticed_at)
                        values (:id, :kind, :ref, :at) on conflict do nothing""")
                .bind("id", notice.subscriptionId().value())
                .bind("kind", notice.kind().name().toLowerCase(Locale.ROOT))
                .bind("ref", notice.ref())
                .bind("at", at)
                .fetch()
                .rowsUpdated()
                .then();
    }

    /** The e-mails owed, the oldest first. */
    public Flux<SubscriptionNotice> owed(SubscriptionId id) {
        return db.sql("""
                        select kind, ref from subscription_notices
                        where subscription_id = :id and outcome is null order by noticed_at, kind limit 20""")
                .bind("id", id.value())
                .map(row -> new SubscriptionNotice(
                        id,
                        SubscriptionNotice.Kind.valueOf(text(row, "kind").toUpperCase(Locale.ROOT)),
                        text(row, "ref")))
                .all();
    }

    public Mono<Void> dealtWith(SubscriptionNotice notice, String outcome) {
        return db.sql("""
                        update subscription_notices set outcome = :outcome
                        where subscription_id = :id and kind = :kind and ref = :ref and outcome is null""")
                .bind("id", notice.subscriptionId().value())
                .bind("kind", notice.kind().name().toLowerCase(Locale.ROOT))
                .bind("ref", notice.ref())
                .bind("outcome", outcome)
                .fetch()
                .rowsUpdated()
                .then();
    }

    private static Period period(Readable row) {
        return new Period(
                text(row, "invoice_id"),
                Period.Reason.valueOf(text(row, "reason").toUpperCase(Locale.ROOT)),
                text(row, "plan_code"),
                Columns.of(row, "starts_at", Instant.class),
                Columns.of(row, "ends_at", Instant.class),
                new Credits(number(row, "seconds")),
                number(row, "calls"),
                new UsdMicros(number(row, "amount_micros")),
                Columns.of(row, "grant_id", UUID.class),
                row.get("payment_intent", String.class),
                Columns.of(row, "fee_known", Boolean.class));
    }
}
