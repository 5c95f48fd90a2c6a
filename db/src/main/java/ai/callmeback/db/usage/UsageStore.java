package ai.callmeback.db.usage;

import ai.callmeback.domain.CallId;
import ai.callmeback.domain.usage.UsageReport;
import ai.callmeback.domain.usage.UsageTotals;
import reactor.core.publisher.Mono;

/** Keeps the usage reports of media legs. */
public interface UsageStore {

    /**
     * Stores one report. Counters are cumulative within a leg, so a repeat, or one that comes late, changes nothing.
     *
     * @return false when this (call, leg, sequence) was there already; what was stored first stands
     */
    Mono<Boolean> record(UsageReport report);

    /** The latest report of every leg, summed; {@link UsageTotals#NONE} when there is none. */
    Mono<UsageTotals> totals(CallId callId);

    /** What the call has cost so far at the prices in force when its legs reported; an estimate. */
    Mono<RunningCost> runningCost(CallId callId);
}
