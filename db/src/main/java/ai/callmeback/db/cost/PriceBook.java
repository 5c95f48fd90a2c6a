package ai.callmeback.db.cost;

import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import org.springframework.r2dbc.core.DatabaseClient;
import reactor.core.publisher.Mono;

/** What vendors ask, as it was and is. */
public interface PriceBook {

    /** The price book of a database. */
    static PriceBook on(DatabaseClient client) {
        return new R2dbcCosts(client, InstantSource.system());
    }

    /** The price in force at an instant, the model's own before the vendor's for any model; empty when there is none. */
    Mono<Price> at(String vendor, String operation, String model, Instant instant);

    /** What quantities cost at the prices in force at an instant; nothing is booked. */
    Mono<CostTotal> quote(Instant at, List<CostInput> inputs);
}
