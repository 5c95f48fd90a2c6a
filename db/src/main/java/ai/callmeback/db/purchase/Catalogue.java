package ai.callmeback.db.purchase;

import static ai.callmeback.db.row.Columns.number;
import static ai.callmeback.db.row.Columns.text;

import ai.callmeback.domain.UsdMicros;
import ai.callmeback.domain.settlement.ChargePolicy;
import io.r2dbc.spi.Readable;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.r2dbc.core.DatabaseClient;
import org.springframework.stereotype.Repository;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.json.JsonMapper;

/** What is for sale. */
@Repository
public class Catalogue {
    private static final TypeReference<HashMap<String, Integer>> AMOUNTS = new TypeReference<>() {};

    private static final String SELECT = """
            select p.*, (select coalesce(jsonb_object_agg(e.entitlement, e.amount), '{}')::text
                         from plan_entitlements e where e.plan_code = p.code) as entitlements
            from products p
            """;

    private final DatabaseClient db;

    public Catalogue(DatabaseClient db) {
        this.db = db;
    }

    /** Products on sale, in the order to show them. */
    public Flux<Product> onSale() {
        return db.sql(SELECT + "where p.active order by p.position")
                .map(row -> product(row))
                .all();
    }

    /** Also what is not on sale any more: somebody may have it. */
    public Mono<Product> find(String code) {
        return db.sql(SELECT + "where p.code = :code")
                .bind("code", code)
                .map(row -> product(row))
                .one();
    }

    private static Product product(Readable row) {
        Long further = row.get("further_call_micros", Long.class);
        return new Product(
                text(row, "code"),
                Product.Kind.valueOf(text(row, "kind").toUpperCase(Locale.ROOT)),
                text(row, "title"),
                new UsdMicros(number(row, "price_micros")),
                row.get("seconds", Long.class),
                row.get("expires_after_days", Integer.class),
                ChargePolicy.ofCode(text(row, "charge_policy")),
                row.get("calls_per_period", Integer.class),
                further == null ? null : new UsdMicros(further),
                row.get("fair_use_warning_calls", Integer.class),
                row.get("fair_use_limit_calls", Integer.class),
                row.get("fair_use_call_seconds", Integer.class),
                amounts(row.get("entitlements", String.class)));
    }

    private static Map<String, Integer> amounts(@Nullable String json) {
        return json == null ? Map.of() : Map.copyOf(JsonMapper.shared().readValue(json, AMOUNTS));
    }
}
