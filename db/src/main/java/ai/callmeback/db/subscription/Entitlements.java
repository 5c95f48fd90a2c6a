package ai.callmeback.db.subscription;

import ai.callmeback.domain.UserId;
import ai.callmeback.domain.subscription.Entitlement;
import java.time.Instant;
import java.util.Objects;
import org.springframework.r2dbc.core.DatabaseClient;
import org.springframework.stereotype.Repository;
import reactor.core.publisher.Mono;

/** What a person's plan allows beside talk; for any part that asks. */
@Repository
public class Entitlements {
    private final DatabaseClient db;

    public Entitlements(DatabaseClient db) {
        this.db = db;
    }

    /** Zero without a plan. Who is late with a payment keeps it while the payment vendor tries again. */
    public Mono<Integer> amount(UserId user, Entitlement entitlement, Instant at) {
        return db.sql("select entitlement_amount(:user, :name, :at) as amount")
                .bind("user", user.value())
                .bind("name", entitlement.code())
                .bind("at", at)
                .map(row -> Objects.requireNonNull(row.get("amount", Integer.class)))
                .one();
    }
}
