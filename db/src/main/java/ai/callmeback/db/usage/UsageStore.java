package ai.callmeback.db.usage;

import ai.callmeback.db.cost.CostTotal;
import ai.callmeback.db.cost.PriceBook;
import ai.callmeback.domain.CallId;
import ai.callmeback.domain.usage.UsageReport;
import org.springframework.r2dbc.core.DatabaseClient;
import reactor.core.publisher.Mono;

/** Keeps the usage reports of media legs. */
public interface UsageStore {

    /** The store of a database. */
    static UsageStore on(DatabaseClient client, PriceBook prices) {
        return new R2dbcUsageStore(client, prices);
    }

    /**
     * Stores one report. Counters are cumulative within a leg, so a repeat, or one that comes late, changes nothing.
     *
     * @return false when this (call, leg, sequence) was there already; what was stored first stands
     */
    Mono<Boolean> record(UsageReport report);

    /**
     * Stores a report that no workflow takes any more, and asks in the same transaction for the call's costs to be booked
     * again, which writes corrections only. A repeat asks for nothing.
     *
     * @return as {@link #record}
     */
    Mono<Boolean> recordLate(UsageReport report);

    /** The latest report of every leg, summed; nothing used and complete when there is none. */
    Mono<UsageSummary> summary(CallId callId);

    /** What the call has cost so far at the prices in force when it last reported; an estimate, booked nowhere. */
    Mono<CostTotal> runningCost(CallId callId);
}
