package ai.callmeback.db.cost;

import java.time.Instant;
import reactor.core.publisher.Mono;

/** What vendors ask, as it was and is. */
public interface PriceBook {

    /** The price in force at an instant; empty when the book has none. */
    Mono<Price> at(String vendor, String operation, String model, Instant instant);
}
