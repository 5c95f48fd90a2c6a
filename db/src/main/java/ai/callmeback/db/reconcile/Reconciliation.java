package ai.callmeback.db.reconcile;

import ai.callmeback.db.row.Columns;
import ai.callmeback.domain.CallId;
import ai.callmeback.domain.UsdMicros;
import io.r2dbc.spi.Readable;
import java.time.Instant;
import java.time.LocalDate;
import java.util.Locale;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.r2dbc.core.DatabaseClient;
import org.springframework.stereotype.Repository;
import reactor.core.publisher.Mono;

/**
 * Holds records of vendors against our books by {@code V18__reconciliation.sql} and {@code V30__vendor_usage.sql}, one round trip each: estimates are
 * corrected, what has no match is a case. A record held again changes nothing, unless it says other than before.
 */
@Repository
public class Reconciliation {
    private final DatabaseClient db;

    public Reconciliation(DatabaseClient db) {
        this.db = db;
    }

    /**
     * A call as the telephony charges it.
     *
     * @param connected it lasted, so there will be a price
     * @param price null: not known yet
     */
    public Mono<Reconciled> call(
            String callSid, Instant startedAt, boolean connected, @Nullable UsdMicros price, Instant now) {
        var call = db.sql("select * from reconcile_twilio(:sid, :at, :connected, :price, :now)")
                .bind("sid", callSid)
                .bind("at", startedAt)
                .bind("connected", connected)
                .bind("now", now);
        return (price == null ? call.bindNull("price", Long.class) : call.bind("price", price.amountMicros()))
                .map(row -> reconciled(row))
                .one();
    }

    /** Money that moved at the payment vendor. */
    public record Movement(
            String ref, Kind kind, String subject, Instant at, UsdMicros amount, UsdMicros fee, String currency) {}

    /** What moved it. {@code subject} is the payment, the refund or the dispute. */
    public enum Kind {
        CHARGE,
        REFUND,
        DISPUTE,
        OTHER
    }

    public Mono<Reconciled> movement(Movement movement, Instant now) {
        return db.sql("select * from reconcile_stripe(:ref, :kind, :subject, :at, :amount, :fee, :currency, :now)")
                .bind("ref", movement.ref())
                .bind("kind", movement.kind().name().toLowerCase(Locale.ROOT))
                .bind("subject", movement.subject())
                .bind("at", movement.at())
                .bind("amount", movement.amount().amountMicros())
                .bind("fee", movement.fee().amountMicros())
                .bind("currency", movement.currency())
                .bind("now", now)
                .map(row -> reconciled(row))
                .one();
    }

    /** @param casesOpened how many of them are new cases */
    public record Missing(long missing, long casesOpened) {}

    /** What our books have for a range and the vendor has not; to be asked when all its records of the range were held. */
    public Mono<Missing> missingTheirs(String vendor, Instant from, Instant until, Instant now) {
        return db.sql("select * from reconcile_missing_theirs(:vendor, :from, :until, :now)")
                .bind("vendor", vendor)
                .bind("from", from)
                .bind("until", until)
                .bind("now", now)
                .map(row -> new Missing(Columns.of(row, "missing", Long.class), Columns.of(row, "opened", Long.class)))
                .one();
    }

    /** Holds a day's total, by UTC, against the sum of the records of that day, which were held before. */
    public Mono<Missing> day(String vendor, LocalDate day, UsdMicros total, Instant now) {
        return db.sql("select * from reconcile_day(:vendor, :day, :total, :now)")
                .bind("vendor", vendor)
                .bind("day", day)
                .bind("total", total.amountMicros())
                .bind("now", now)
                .map(row -> new Missing(
                        Columns.of(row, "differs", Boolean.class) ? 1 : 0,
                        Columns.of(row, "opened", Boolean.class) ? 1 : 0))
                .one();
    }

    /**
     * A listening session as it was charged; what a call carries is compared when all sessions are held.
     *
     * @param call null: the vendor names no call of ours
     */
    public Mono<Reconciled> session(String ref, @Nullable CallId call, Instant at, UsdMicros amount, Instant now) {
        var held = db.sql("select * from reconcile_deepgram(:ref, :call, :at, :amount, :now)")
                .bind("ref", ref)
                .bind("at", at)
                .bind("amount", amount.amountMicros())
                .bind("now", now);
        return (call == null ? held.bindNull("call", UUID.class) : held.bind("call", call.value()))
                .map(row -> reconciled(row))
                .one();
    }

    /** @param corrected calls, by {@code by} in all; {@code missing}: calls without a session */
    public record Listening(long corrected, UsdMicros by, long missing, long casesOpened) {}

    /** Brings what calls of a range carry for listening to what was charged; to be asked when all sessions were held. */
    public Mono<Listening> listening(Instant from, Instant until, Instant now) {
        return db.sql("select * from reconcile_listening(:from, :until, :now)")
                .bind("from", from)
                .bind("until", until)
                .bind("now", now)
                .map(row -> new Listening(
                        Columns.of(row, "corrected", Long.class),
                        new UsdMicros(Columns.of(row, "corrected_micros", Long.class)),
                        Columns.of(row, "missing", Long.class),
                        Columns.of(row, "opened", Long.class)))
                .one();
    }

    /** Brings what is booked for the speaking of a day to what was charged for it. */
    public Mono<Reconciled> speechDay(LocalDate day, UsdMicros charged, Instant now) {
        return ofDay("select * from reconcile_speech_day(:day, :charged, :now)", day, charged, now);
    }

    /** Brings what is booked for the telephony's other services of a day to what was charged for them. */
    public Mono<Reconciled> servicesDay(LocalDate day, UsdMicros charged, Instant now) {
        return ofDay("select * from reconcile_services_day(:day, :charged, :now)", day, charged, now);
    }

    private Mono<Reconciled> ofDay(String sql, LocalDate day, UsdMicros charged, Instant now) {
        return db.sql(sql)
                .bind("day", day)
                .bind("charged", charged.amountMicros())
                .bind("now", now)
                .map(row -> reconciled(row))
                .one();
    }

    /** @param net the sum of the movements it paid */
    public Mono<Reconciled> payout(
            String ref, String status, Instant at, UsdMicros amount, UsdMicros net, Instant now) {
        return db.sql("select * from reconcile_payout(:ref, :status, :at, :amount, :net, :now)")
                .bind("ref", ref)
                .bind("status", status)
                .bind("at", at)
                .bind("amount", amount.amountMicros())
                .bind("net", net.amountMicros())
                .bind("now", now)
                .map(row -> reconciled(row))
                .one();
    }

    /** What calls must be taken to have used whose usage nobody reported. */
    public record Models(String listen, String llm, String speech) {}

    /** Estimates, from their length, the costs of calls of a range whose usage nobody reported; answers how many. */
    public Mono<Long> estimateUnreported(Instant from, Instant until, Models models, Instant now) {
        return db.sql("""
                        select cost_estimate_unreported(:from, :until,
                          jsonb_build_object('listen', :listen::text, 'llm', :llm::text, 'speech', :speech::text), :now)
                          as calls""")
                .bind("from", from)
                .bind("until", until)
                .bind("listen", models.listen())
                .bind("llm", models.llm())
                .bind("speech", models.speech())
                .bind("now", now)
                .mapValue(Long.class)
                .one();
    }

    /** Tells finance, once a day, when the share of charged calls is unusual; answers whether it did. */
    public Mono<Boolean> watchChargeRate(Instant from, Instant until, Instant now) {
        return db.sql("select charge_rate_watch(:from, :until, :now)")
                .bind("from", from)
                .bind("until", until)
                .bind("now", now)
                .mapValue(Boolean.class)
                .one();
    }

    private static Reconciled reconciled(Readable row) {
        return new Reconciled(
                Reconciled.Outcome.valueOf(
                        Columns.of(row, "outcome", String.class).toUpperCase(Locale.ROOT)),
                new UsdMicros(Columns.of(row, "difference_micros", Long.class)),
                Columns.of(row, "case_opened", Boolean.class));
    }
}
