package ai.callmeback.db.price;

import ai.callmeback.domain.UnitPrice;
import ai.callmeback.domain.UserId;
import io.r2dbc.spi.Readable;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.Locale;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.springframework.r2dbc.core.DatabaseClient;
import org.springframework.stereotype.Repository;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** The price book as finance sees it, by {@code V29__price_refresh.sql}. Reading or entering the same twice changes nothing. */
@Repository
public class Prices {
    private final DatabaseClient db;

    public Prices(DatabaseClient db) {
        this.db = db;
    }

    /** What is in force, and with {@code history} all that was, in order of vendor, operation, model and time. */
    public Flux<BookedPrice> book(boolean history, Instant at) {
        return db.sql("""
                        select * from price_periods
                        where :history or valid_from <= :at and (valid_until is null or valid_until > :at)
                        order by vendor, operation, model, valid_from""")
                .bind("history", history)
                .bind("at", at)
                .map(row -> new BookedPrice(
                        of(row, "vendor", String.class),
                        of(row, "operation", String.class),
                        of(row, "model", String.class),
                        of(row, "unit", String.class),
                        price(row, "unit_price"),
                        of(row, "valid_from", Instant.class),
                        row.get("valid_until", Instant.class),
                        of(row, "source", String.class),
                        of(row, "note", String.class)))
                .all();
    }

    /** Keeps a price as the vendor's API states it, or holds it for finance. */
    public Mono<PriceReading> read(
            String vendor, String operation, String model, String unit, BigDecimal usd, String note, Instant at) {
        return db.sql("select price_read(:vendor, :operation, :model, :unit, :usd, :note, :at) as outcome")
                .bind("vendor", vendor)
                .bind("operation", operation)
                .bind("model", model)
                .bind("unit", unit)
                .bind("usd", usd)
                .bind("note", note)
                .bind("at", at)
                .map(row -> reading(row))
                .one();
    }

    /** Compares a price page with how it was read before. */
    public Mono<PriceReading> page(String vendor, String url, String fingerprint, Instant at) {
        return db.sql("select price_page_read(:vendor, :url, :fingerprint, :at) as outcome")
                .bind("vendor", vendor)
                .bind("url", url)
                .bind("fingerprint", fingerprint)
                .bind("at", at)
                .map(row -> reading(row))
                .one();
    }

    /** Finance enters a price, in force from now on; answers whether it is new. */
    public Mono<Boolean> enter(
            String vendor,
            String operation,
            String model,
            String unit,
            UnitPrice price,
            String note,
            UserId by,
            Instant at) {
        return db.sql("select price_enter(:vendor, :operation, :model, :unit, :usd, :note, :by, :at) as outcome")
                .bind("vendor", vendor)
                .bind("operation", operation)
                .bind("model", model)
                .bind("unit", unit)
                .bind("usd", price.usd())
                .bind("note", note)
                .bind("by", by.value())
                .bind("at", at)
                .map(row -> of(row, "outcome", String.class).equals("entered"))
                .one();
    }

    /** Those that wait first, then the latest decided. */
    public Flux<PriceChange> changes(int limit) {
        return db.sql("select * from price_changes order by state = 'pending' desc, id desc limit :limit")
                .bind("limit", limit)
                .map(row -> change(row))
                .all();
    }

    public Mono<PriceChange> change(long id) {
        return db.sql("select * from price_changes where id = :id")
                .bind("id", id)
                .map(row -> change(row))
                .one();
    }

    /** Accepts a change, in force from now on, or refuses it. The first decision stands. */
    public Mono<PriceChange.Decided> decide(long id, UserId by, boolean accepted, String note, Instant at) {
        return db.sql("select price_decide(:id, :by, :verdict, :note, :at) as outcome")
                .bind("id", id)
                .bind("by", by.value())
                .bind("verdict", accepted ? "accepted" : "refused")
                .bind("note", note)
                .bind("at", at)
                .map(row -> PriceChange.Decided.valueOf(upper(row, "outcome")))
                .one();
    }

    private static PriceReading reading(Readable row) {
        return PriceReading.valueOf(upper(row, "outcome"));
    }

    private static PriceChange change(Readable row) {
        return new PriceChange(
                of(row, "id", Long.class),
                of(row, "vendor", String.class),
                of(row, "operation", String.class),
                of(row, "model", String.class),
                of(row, "unit", String.class),
                price(row, "old_price"),
                Objects.requireNonNull(price(row, "new_price")),
                of(row, "note", String.class),
                of(row, "read_at", Instant.class),
                PriceChange.State.valueOf(upper(row, "state")),
                row.get("decided_at", Instant.class),
                row.get("decision_note", String.class));
    }

    private static @Nullable UnitPrice price(Readable row, String column) {
        BigDecimal usd = row.get(column, BigDecimal.class);
        if (usd == null) {
            return null;
        }
        BigDecimal stripped = usd.stripTrailingZeros();
        return new UnitPrice(stripped.scale() < 0 ? stripped.setScale(0) : stripped);
    }

    private static String upper(Readable row, String column) {
        return of(row, column, String.class).toUpperCase(Locale.ROOT);
    }

    static <T> T of(Readable row, String column, Class<T> type) {
        @Nullable T value = row.get(column, type);
        return Objects.requireNonNull(value, column);
    }
}
