package ai.callmeback.db.cost;

import ai.callmeback.domain.UsdMicros;
import ai.callmeback.domain.UserId;
import java.time.Instant;
import java.time.LocalDate;
import java.time.YearMonth;
import java.util.Objects;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.r2dbc.core.DatabaseClient;
import org.springframework.stereotype.Repository;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** Costs that are no single call's, by {@code V30__vendor_usage.sql}: e-mails, and the bills of a month. */
@Repository
public class OtherCosts {
    private final DatabaseClient db;

    public OtherCosts(DatabaseClient db) {
        this.db = db;
    }

    /** Books an e-mail that the mail vendor took on, at the price of its time; once per key. */
    public Mono<Void> mail(String key, Instant at) {
        return db.sql("select coalesce(mail_cost(:key, :at), false) as booked")
                .bind("key", key)
                .bind("at", at)
                .fetch()
                .first()
                .then();
    }

    /**
     * A bill for a month of what all calls share.
     *
     * @param id a new one; a repeat answers that of before
     * @param key names the wish, per person
     */
    public record NewBill(
            UUID id, String key, String payee, YearMonth month, UsdMicros amount, String note, UserId by) {}

    /**
     * @param conflict the key was used for another bill; nothing was booked
     * @param carried what the month's calls carry as an estimate
     * @param booked what is booked for the month beyond that, over all its bills; negative when calls carried too much
     */
    public record Billed(boolean conflict, UUID id, UsdMicros carried, UsdMicros booked) {}

    /** Enters a bill and books the difference between the month's bills and what its calls carry; once per key. */
    public Mono<Billed> bill(NewBill bill, Instant at) {
        return db.sql("select * from platform_bill(:id, :key, :payee, :month, :amount, :note, :by, :at)")
                .bind("id", bill.id())
                .bind("key", bill.key())
                .bind("payee", bill.payee())
                .bind("month", bill.month().atDay(1))
                .bind("amount", bill.amount().amountMicros())
                .bind("note", bill.note())
                .bind("by", bill.by().value())
                .bind("at", at)
                .map(row -> new Billed(
                        "conflict".equals(row.get("outcome", String.class)),
                        of(row.get("bill", UUID.class)),
                        new UsdMicros(of(row.get("carried_micros", Long.class))),
                        new UsdMicros(of(row.get("booked_micros", Long.class)))))
                .one();
    }

    /** A bill as it was entered. */
    public record Bill(UUID id, String payee, YearMonth month, UsdMicros amount, String note, Instant enteredAt) {}

    /** The newest first. */
    public Flux<Bill> bills(int limit) {
        return db.sql("select * from platform_bills order by entered_at desc limit :limit")
                .bind("limit", limit)
                .map(row -> new Bill(
                        of(row.get("id", UUID.class)),
                        of(row.get("payee", String.class)),
                        YearMonth.from(of(row.get("month", LocalDate.class))),
                        new UsdMicros(of(row.get("amount_micros", Long.class))),
                        of(row.get("note", String.class)),
                        of(row.get("entered_at", Instant.class))))
                .all();
    }

    private static <T> T of(@Nullable T value) {
        return Objects.requireNonNull(value);
    }
}
