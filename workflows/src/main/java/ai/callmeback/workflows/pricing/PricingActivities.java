package ai.callmeback.workflows.pricing;

import io.temporal.activity.ActivityInterface;

/** The steps of a refresh. Each may be repeated: what was read before is found as it is. */
@ActivityInterface
public interface PricingActivities {

    /** Keeps the run, if Temporal started it by itself. */
    void beginRefresh(String runId, String startedBy);

    /** Reads one source, takes over small changes, holds large ones for finance, and keeps how far the run is. */
    PricingProgress readPrices(String runId, PriceSource source, PricingProgress soFar);

    void finishRefresh(String runId, PricingProgress progress);
}
