package ai.callmeback.db.subscription;

import static ai.callmeback.db.row.Columns.number;
import static ai.callmeback.db.row.Columns.text;

import ai.callmeback.db.row.Columns;
import ai.callmeback.domain.CallId;
import ai.callmeback.domain.Credits;
import ai.callmeback.domain.UsdMicros;
import ai.callmeback.domain.UserId;
import ai.callmeback.domain.subscription.SubscriptionId;
import io.r2dbc.spi.Readable;
import java.time.Instant;
import java.util.UUID;
import org.springframework.r2dbc.core.DatabaseClient;
import org.springframework.stereotype.Repository;
import reactor.core.publisher.Mono;

/** Calls under a plan. A call that is not charged does not count, nor one that other credits paid. */
@Repository
public class PlanCalls {
    private final DatabaseClient db;

    public PlanCalls(DatabaseClient db) {
        this.db = db;
    }

    /** Whether a call comes under a plan. */
    public sealed interface Taken {
        /** There is no plan, or the call is one of the period's. */
        record Free() implements Taken {}

        /**
         * The period's calls are used up: the call's hold will use other credits only.
         *
         * @param fairUse whether the limit is one of fair use
         */
        record Beyond(long callsLimit, boolean fairUse) implements Taken {}
    }

    /** Decides it before the call holds its credits; a repeat after that answers the same. */
    public Mono<Taken> take(CallId call, UserId user, Instant at) {
        return db.sql("select outcome, calls_limit, fair_use from plan_call_take(:call, :user, :at)")
                .bind("call", call.value())
                .bind("user", user.value())
                .bind("at", at)
                .map(row -> taken(row))
                .one();
    }

    private static Taken taken(Readable row) {
        if ("beyond".equals(text(row, "outcome"))) {
            return new Taken.Beyond(number(row, "calls_limit"), Columns.of(row, "fair_use", Boolean.class));
        }
        return new Taken.Free();
    }

    /** Empty without a plan in its period. */
    public Mono<PlanStanding> standing(UserId user, Instant at) {
        return db.sql("select * from plan_standing(:user, :at, null)")
                .bind("user", user.value())
                .bind("at", at)
                .map(row -> standing(row))
                .one();
    }

    private static PlanStanding standing(Readable row) {
        Long further = row.get("further_call_micros", Long.class);
        return new PlanStanding(
                new SubscriptionId(Columns.of(row, "subscription_id", UUID.class)),
                text(row, "plan_code"),
                Columns.of(row, "starts_at", Instant.class),
                Columns.of(row, "ends_at", Instant.class),
                number(row, "calls_limit"),
                number(row, "calls_used"),
                row.get("warning_calls", Long.class),
                further == null ? null : new UsdMicros(further),
                new Credits(number(row, "seconds")),
                new Credits(number(row, "available_seconds")));
    }
}
