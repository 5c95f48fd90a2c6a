package ai.callmeback.db.figures;

import ai.callmeback.db.figures.Outlook.BreakEven;
import ai.callmeback.db.figures.Outlook.Forecast;
import ai.callmeback.db.figures.Outlook.ProductMinute;
import ai.callmeback.db.figures.Outlook.Share;
import ai.callmeback.domain.UsdMicros;
import io.r2dbc.spi.Readable;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.YearMonth;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.r2dbc.core.DatabaseClient;
import org.springframework.stereotype.Repository;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** Break-even, forecast, who brings in what, and what products leave; worked out from the same figures whenever asked. */
@Repository
public class Outlooks {
    /** Four whole weeks, so that each weekday counts alike. */
    private static final Duration WINDOW = Duration.ofDays(28);

    private static final List<String> FORECAST = List.of("cash_receipts", "revenue", "costs", "projected_profit");
    private static final BigDecimal MINUTE = BigDecimal.valueOf(60);
    private static final int USD_PLACES = 6;
    private static final int PLACES = 1;
    private static final int RATIO_PLACES = 4;

    private final DatabaseClient db;
    private final Figures figures;

    public Outlooks(DatabaseClient db, Figures figures) {
        this.db = db;
        this.figures = figures;
    }

    /** By what they brought in, most first; {@code by} is {@code user} or {@code persona}. */
    public Flux<Share> top(String by, Instant from, Instant until, int limit) {
        return db.sql("select * from outlook_top(:from, :until, :by) limit :limit")
                .bind("from", from)
                .bind("until", until)
                .bind("by", by)
                .bind("limit", limit)
                .map(row -> new Share(
                        of(row, "subject", String.class),
                        of(row, "calls", Long.class),
                        of(row, "connected_seconds", Long.class),
                        of(row, "charged_seconds", Long.class),
                        new UsdMicros(of(row, "revenue_micros", Long.class)),
                        new UsdMicros(of(row, "cost_micros", Long.class))))
                .all();
    }

    public Mono<Outlook> outlook(Instant at) {
        Mono<FigurePeriod> last = window(at.minus(WINDOW), at, at);
        Mono<FigurePeriod> before = window(at.minus(WINDOW.multipliedBy(2)), at.minus(WINDOW), at);
        return Mono.zip(last, before)
                .flatMap(windows -> Mono.zip(bills(at), products(windows.getT1()))
                        .map(read -> new Outlook(
                                at,
                                read.getT1()
                                        .flatMap(bills -> breakEven(bills, windows.getT1()))
                                        .orElse(null),
                                FORECAST.stream()
                                        .map(name -> forecast(name, at, windows.getT1(), windows.getT2()))
                                        .toList(),
                                read.getT2())));
    }

    private Mono<FigurePeriod> window(Instant from, Instant until, Instant at) {
        return figures.report(from, until, Grain.TOTAL, at).map(FigureReport::total);
    }

    private record Bills(YearMonth month, UsdMicros amount) {}

    private Mono<Optional<Bills>> bills(Instant at) {
        return db.sql("select * from outlook_bills(:at)")
                .bind("at", at)
                .map(row -> new Bills(
                        YearMonth.from(of(row, "month", LocalDate.class)),
                        new UsdMicros(of(row, "amount_micros", Long.class))))
                .one()
                .map(Optional::of)
                .defaultIfEmpty(Optional.empty());
    }

    private static Optional<BreakEven> breakEven(Bills bills, FigurePeriod period) {
        BigDecimal seconds = value(period, "billed_seconds");
        BigDecimal left = value(period, "contribution");
        if (seconds.signum() == 0 || left.signum() <= 0) {
            return Optional.empty();
        }
        BigDecimal perMinute = left.multiply(MINUTE).divide(seconds, USD_PLACES, RoundingMode.HALF_EVEN);
        if (perMinute.signum() == 0) {
            return Optional.empty();
        }
        BigDecimal minutes = bills.amount().toUsd().divide(perMinute, PLACES, RoundingMode.UP);
        BigDecimal charged = value(period, "calls_charged");
        BigDecimal calls = charged.signum() == 0
                ? null
                : minutes.multiply(MINUTE).multiply(charged).divide(seconds, PLACES, RoundingMode.UP);
        FigureState state = period.figure("contribution")
                .state()
                .weaker(period.figure("billed_seconds").state());
        return Optional.of(new BreakEven(bills.month(), bills.amount(), perMinute, minutes, calls, state));
    }

    private static Forecast forecast(String name, Instant at, FigurePeriod last, FigurePeriod before) {
        BigDecimal came = value(last, name);
        BigDecimal error = came.signum() == 0
                ? null
                : value(before, name).subtract(came).abs().divide(came.abs(), RATIO_PLACES, RoundingMode.HALF_EVEN);
        return new Forecast(name, LocalDate.ofInstant(at, ZoneOffset.UTC), came, error, FigureState.ESTIMATED);
    }

    private Mono<List<ProductMinute>> products(FigurePeriod period) {
        BigDecimal cost = period.figure("loaded_cost_per_billed_minute").value();
        return db.sql("""
                        select code, kind, price_micros,
                               coalesce(seconds, fair_use_limit_calls * fair_use_call_seconds) as talk_seconds
                        from products where active order by position""").map(row -> product(row, cost)).all().collectList();
    }

    private static ProductMinute product(Readable row, @Nullable BigDecimal cost) {
        UsdMicros price = new UsdMicros(of(row, "price_micros", Long.class));
        BigDecimal minutes =
                BigDecimal.valueOf(of(row, "talk_seconds", Long.class)).divide(MINUTE, PLACES, RoundingMode.HALF_EVEN);
        BigDecimal perMinute = price.toUsd().divide(minutes, USD_PLACES, RoundingMode.HALF_EVEN);
        return new ProductMinute(
                of(row, "code", String.class),
                of(row, "kind", String.class),
                price,
                minutes,
                perMinute,
                cost,
                cost == null ? null : perMinute.subtract(cost).divide(perMinute, RATIO_PLACES, RoundingMode.HALF_EVEN));
    }

    private static BigDecimal value(FigurePeriod period, String name) {
        return Objects.requireNonNullElse(period.figure(name).value(), BigDecimal.ZERO);
    }

    private static <T> T of(Readable row, String column, Class<T> type) {
        @Nullable T value = row.get(column, type);
        return Objects.requireNonNull(value, column);
    }
}
