package ai.callmeback.db.cost;

import ai.callmeback.domain.CallId;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import org.springframework.r2dbc.core.DatabaseClient;
import reactor.core.publisher.Mono;

/** Books what a call cost us. */
public interface CostRecorder {

    /** The books of a database; {@code clock} says when a line was recorded. */
    static CostRecorder on(DatabaseClient client, InstantSource clock) {
        return new R2dbcCosts(client, clock);
    }

    /**
     * Brings a call's cost lines to the given quantities: the first time a line each; later, for quantities that differ
     * from what is booked, a correcting line each with the difference, at the price of the first. Lines already there are
     * never changed. A repeat, also a concurrent one, adds nothing. A missing price makes a line without amount and with
     * a reason. The new lines' sum is posted to the ledger (kind {@code call_cost}) in the same transaction.
     *
     * @param at when the call was made; decides which price is in force
     * @return all lines of the call, in order of vendor, operation, model and revision
     */
    Mono<List<CostLine>> record(CallId callId, Instant at, List<CostInput> inputs);

    /** All lines of a call; empty when none is booked yet. */
    Mono<List<CostLine>> lines(CallId callId);
}
