package ai.callmeback.workflows.pricing;

import org.jspecify.annotations.Nullable;

/**
 * Both may be null: then it is a run of its own.
 *
 * @param runId of a run that is kept in Postgres already
 * @param startedBy {@code schedule}; who starts it in the Temporal UI leaves it out
 */
public record PricingInput(@Nullable String runId, @Nullable String startedBy) {

    public static PricingInput ofRun(String runId) {
        return new PricingInput(runId, null);
    }

    public static PricingInput daily() {
        return new PricingInput(null, "schedule");
    }
}
