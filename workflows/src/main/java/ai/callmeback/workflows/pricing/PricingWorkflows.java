package ai.callmeback.workflows.pricing;

/** Names. */
public final class PricingWorkflows {
    /** The schedule's id, and the beginning of the ids of its workflows. */
    public static final String DAILY = "pricing-refresh-daily";

    private PricingWorkflows() {}

    public static String workflowId(String runId) {
        return "pricing-refresh-" + runId;
    }
}
