package ai.callmeback.workflows.reconcile;

/** Names. */
public final class ReconciliationWorkflows {
    /** The schedule's id, and the beginning of the ids of its workflows. */
    public static final String DAILY = "reconciliation-daily";

    private ReconciliationWorkflows() {}

    public static String workflowId(String runId) {
        return "reconciliation-" + runId;
    }
}
