package ai.callmeback.db.topup;

import static ai.callmeback.db.row.Columns.number;
import static ai.callmeback.db.row.Columns.text;

import ai.callmeback.db.inbox.StartTable;
import ai.callmeback.db.row.Columns;
import ai.callmeback.domain.Credits;
import ai.callmeback.domain.UsdMicros;
import ai.callmeback.domain.UserId;
import ai.callmeback.domain.purchase.PurchaseId;
import ai.callmeback.domain.topup.AutoTopUpStatus;
import io.r2dbc.spi.Readable;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.Locale;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.r2dbc.core.DatabaseClient;
import org.springframework.stereotype.Repository;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** Auto top-ups. Looks, payments and changes of one person take turns; the rules are in {@code R__auto_top_up.sql}. */
@Repository
public class AutoTopUps {
    private static final String SELECT = """
            select t.*, auto_topup_month(:now) as month, auto_topup_counted(t.id, auto_topup_month(:now)) as counted,
              (select noted_at from auto_topup_notices n where n.topup_id = t.id and n.kind = 'cap_reached'
               and n.ref = to_char(auto_topup_month(:now), 'YYYY-MM')) as cap_reached_at,
              (select url from card_setups s where s.topup_id = t.id and s.status = 'OPEN') as setup_url,
              l.id as last_id, l.status as last_status, l.status_reason as last_reason, l.amount_micros as last_micros,
              l.created_at as last_at
            from auto_topups t
            left join lateral (select * from purchases p where p.topup_id = t.id order by p.created_at desc, p.id limit 1) l
              on true
            """;

    private final DatabaseClient db;
    private final StartTable looks;

    public AutoTopUps(DatabaseClient db) {
        this.db = db;
        this.looks = new StartTable(db, "auto_topups");
    }

    /** Switches on, or changes. The caller has asked for consent. */
    public Mono<ChoiceOutcome> set(AutoTopUpChoice choice) {
        return db.sql("select * from auto_topup_set(:id, :user, :product, :threshold, :cap, :setup, :newCard, :at)")
                .bind("id", UUID.randomUUID())
                .bind("user", choice.userId().value())
                .bind("product", choice.productCode())
                .bind("threshold", choice.threshold().seconds())
                .bind("cap", choice.monthlyCap().amountMicros())
                .bind("setup", UUID.randomUUID())
                .bind("newCard", choice.newCard())
                .bind("at", choice.at())
                .map(row -> outcome(row))
                .one();
    }

    private static ChoiceOutcome outcome(Readable row) {
        String outcome = text(row, "outcome");
        return switch (outcome) {
            case "set" -> new ChoiceOutcome.Done();
            case "not_a_pack" -> new ChoiceOutcome.NotAPack();
            case "threshold_too_high" -> new ChoiceOutcome.ThresholdTooHigh(new Credits(number(row, "bound")));
            case "cap_too_low" -> new ChoiceOutcome.CapTooLow(new UsdMicros(number(row, "bound")));
            default -> throw new IllegalStateException("a choice was answered '" + outcome + "'");
        };
    }

    /** At once; a payment that is not confirmed by now never is. Of no effect on one that is off. */
    public Mono<Void> switchOff(UserId user, Instant at) {
        return db.sql("select auto_topup_off(:user, :at)")
                .bind("user", user.value())
                .bind("at", at)
                .then();
    }

    /** Empty when the person never had one. */
    public Mono<AutoTopUp> find(UserId user, Instant now) {
        return db.sql(SELECT + "where t.user_id = :user")
                .bind("user", user.value())
                .bind("now", now)
                .map(row -> topUp(row))
                .one();
    }

    public Mono<AutoTopUp> get(UUID id, Instant now) {
        return db.sql(SELECT + "where t.id = :id")
                .bind("id", id)
                .bind("now", now)
                .map(row -> topUp(row))
                .one();
    }

    /** Those whose credit is to be looked at; each again after {@code pause}, or at once after a hold, unless it was {@link #looked}. */
    public Flux<UUID> due(int limit, Duration pause, Instant now) {
        return looks.due(limit, pause, now);
    }

    /** The look is over, and the next one is at {@code next}, unless a hold has asked for one meanwhile. */
    public Mono<Void> looked(UUID id, Instant next) {
        return db.sql("update auto_topups set start_due_at = :next where id = :id and start_due_at > '-infinity'")
                .bind("id", id)
                .bind("next", next)
                .then();
    }

    /** Earlier than planned: the look failed. */
    public Mono<Void> dueAt(UUID id, Instant next) {
        // It may be off by now, and then nobody looks.
        return db.sql("update auto_topups set start_due_at = :next where id = :id and status = 'ON'")
                .bind("id", id)
                .bind("next", next)
                .then();
    }

    /**
     * Looks at the credit, and begins a purchase if it is below the threshold and the cap allows; then the purchase's workflow
     * will be started.
     */
    public Mono<LookOutcome> look(UUID id, PurchaseId purchase, Instant now) {
        return db.sql("select auto_topup_look(:id, :purchase, :now)")
                .bind("id", id)
                .bind("purchase", purchase.value())
                .bind("now", now)
                .mapValue(String.class)
                .one()
                .map(outcome -> LookOutcome.valueOf(outcome.toUpperCase(Locale.ROOT)));
    }

    /** The payment is prepared; a repeat changes nothing. No money has moved. */
    public Mono<Void> prepared(PurchaseId id, String payment, Instant at) {
        return db.sql("""
                        update purchases set status = 'OPEN', topup_payment = :payment, updated_at = :at
                        where id = :id and status = 'NEW' and topup_id is not null""")
                .bind("id", id.value())
                .bind("payment", payment)
                .bind("at", at)
                .fetch()
                .rowsUpdated()
                .then();
    }

    /**
     * The last question before money moves: {@code go}, or why not, and then the purchase has failed for that reason:
     * {@code switched_off}, {@code not_needed} or {@code monthly_cap}.
     */
    public Mono<String> mayCharge(PurchaseId id, Instant now) {
        return db.sql("select auto_topup_may_charge(:id, :now)")
                .bind("id", id.value())
                .bind("now", now)
                .mapValue(String.class)
                .one();
    }

    /** The payment was refused: the purchase has failed and the auto top-up needs attention, in one step. */
    public Mono<Void> failed(PurchaseId id, String reason, Instant now) {
        return db.sql("select auto_topup_failed(:id, :reason, :now)")
                .bind("id", id.value())
                .bind("reason", reason)
                .bind("now", now)
                .then();
    }

    private static AutoTopUp topUp(Readable row) {
        Instant consentedAt = Columns.of(row, "consented_at", Instant.class);
        return new AutoTopUp(
                Columns.of(row, "id", UUID.class),
                new UserId(Columns.of(row, "user_id", UUID.class)),
                AutoTopUpStatus.valueOf(text(row, "status")),
                row.get("status_reason", String.class),
                text(row, "product_code"),
                new Credits(number(row, "threshold_seconds")),
                new UsdMicros(number(row, "monthly_cap_micros")),
                consentedAt,
                row.get("customer", String.class),
                row.get("payment_method", String.class),
                card(row),
                Columns.of(row, "month", LocalDate.class),
                new UsdMicros(number(row, "counted")),
                row.get("cap_reached_at", Instant.class),
                row.get("setup_url", String.class),
                last(row));
    }

    private static AutoTopUp.@Nullable Card card(Readable row) {
        return row.get("payment_method") == null
                ? null
                : new AutoTopUp.Card(text(row, "card_brand"), text(row, "card_last4"), text(row, "card_expires"));
    }

    private static AutoTopUp.@Nullable Bought last(Readable row) {
        UUID id = row.get("last_id", UUID.class);
        return id == null
                ? null
                : new AutoTopUp.Bought(
                        id,
                        text(row, "last_status"),
                        row.get("last_reason", String.class),
                        new UsdMicros(number(row, "last_micros")),
                        Columns.of(row, "last_at", Instant.class));
    }
}
