package ai.callmeback.db.cost;

import ai.callmeback.domain.CallId;
import ai.callmeback.domain.UnitPrice;
import ai.callmeback.domain.UsdMicros;
import io.r2dbc.spi.Readable;
import java.math.BigDecimal;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.r2dbc.core.DatabaseClient;
import reactor.core.publisher.Mono;
import tools.jackson.databind.json.JsonMapper;

/** Prices and books by the functions of {@code V4__prices_costs.sql}, one round trip each. */
final class R2dbcCosts implements CostRecorder, PriceBook {

    private static final JsonMapper JSON = JsonMapper.shared();

    private final DatabaseClient client;
    private final InstantSource clock;

    R2dbcCosts(DatabaseClient client, InstantSource clock) {
        this.client = client;
        this.clock = clock;
    }

    @Override
    public Mono<List<CostLine>> record(CallId callId, Instant at, List<CostInput> inputs) {
        return client.sql("select * from cost_record($1, $2, $3::jsonb, $4)")
                .bind(0, callId.value())
                .bind(1, at)
                .bind(2, JSON.writeValueAsString(inputs))
                .bind(3, clock.instant())
                .map(row -> line(row))
                .all()
                .collectList();
    }

    @Override
    public Mono<List<CostLine>> lines(CallId callId) {
        return client.sql("select * from cost_lines where call_id = $1 order by vendor, operation, model, revision")
                .bind(0, callId.value())
                .map(row -> line(row))
                .all()
                .collectList();
    }

    @Override
    public Mono<CostTotal> quote(Instant at, List<CostInput> inputs) {
        return client.sql("""
                        select coalesce(sum(usd_to_micros(quantity * unit_price)), 0)::bigint as amount_micros,
                               count(*) filter (where unit_price is null) = 0 as complete
                        from cost_quote($1, $2::jsonb)
                        """)
                .bind(0, at)
                .bind(1, JSON.writeValueAsString(inputs))
                .map(row -> new CostTotal(
                        new UsdMicros(required(row, "amount_micros", Long.class)),
                        required(row, "complete", Boolean.class)))
                .one();
    }

    @Override
    public Mono<Price> at(String vendor, String operation, String model, Instant instant) {
        return client.sql("""
                        select * from price_periods
                        where vendor = $1 and operation = $2 and model in ($3, '') and unit_price is not null
                          and valid_from <= $4 and (valid_until is null or valid_until > $4)
                        order by model desc limit 1
                        """)
                .bind(0, vendor)
                .bind(1, operation)
                .bind(2, model)
                .bind(3, instant)
                .map(row -> price(row))
                .one();
    }

    private static CostLine line(Readable row) {
        BigDecimal unitPrice = row.get("unit_price", BigDecimal.class);
        Long amountMicros = row.get("amount_micros", Long.class);
        return new CostLine(
                new CallId(required(row, "call_id", UUID.class)),
                required(row, "vendor", String.class),
                required(row, "operation", String.class),
                required(row, "model", String.class),
                required(row, "revision", Integer.class),
                plain(required(row, "quantity", BigDecimal.class)),
                required(row, "unit", String.class),
                unitPrice == null ? null : new UnitPrice(plain(unitPrice)),
                amountMicros == null ? null : new UsdMicros(amountMicros),
                required(row, "estimated", Boolean.class),
                row.get("missing_reason", String.class),
                required(row, "recorded_at", Instant.class));
    }

    private static Price price(Readable row) {
        return new Price(
                required(row, "vendor", String.class),
                required(row, "operation", String.class),
                required(row, "model", String.class),
                required(row, "unit", String.class),
                new UnitPrice(plain(required(row, "unit_price", BigDecimal.class))),
                required(row, "valid_from", Instant.class),
                row.get("valid_until", Instant.class),
                required(row, "source", String.class));
    }

    /** Without trailing zeros, and never as {@code 5E+1}. */
    private static BigDecimal plain(BigDecimal number) {
        BigDecimal stripped = number.stripTrailingZeros();
        return stripped.scale() < 0 ? stripped.setScale(0) : stripped;
    }

    private static <T> T required(Readable row, String column, Class<T> type) {
        @Nullable T value = row.get(column, type);
        return Objects.requireNonNull(value, column);
    }
}
