package ai.callmeback.voice.worker;

import ai.callmeback.db.call.DialIntents;
import ai.callmeback.db.usage.UsageStore;
import ai.callmeback.domain.CallId;
import ai.callmeback.domain.usage.UsageReport;
import ai.callmeback.voice.report.WorkflowSignals;
import ai.callmeback.workflows.call.CallWorkflow;
import ai.callmeback.workflows.call.CallWorkflows;
import ai.callmeback.workflows.call.MediaConnected;
import ai.callmeback.workflows.call.MediaEnded;
import io.temporal.client.WorkflowClient;
import io.temporal.client.WorkflowNotFoundException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.function.Consumer;

/**
 * Signals by Temporal. Usage that no workflow takes any more is stored here and its costs are corrected from there: a
 * signal to a closed workflow is routed, never lost.
 */
final class TemporalSignals implements WorkflowSignals {
    private static final Duration DATABASE = Duration.ofSeconds(5);

    private final WorkflowClient client;
    private final UsageStore usage;
    private final DialIntents dials;
    private final InstantSource clock;

    TemporalSignals(WorkflowClient client, UsageStore usage, DialIntents dials, InstantSource clock) {
        this.client = client;
        this.usage = usage;
        this.dials = dials;
        this.clock = clock;
    }

    @Override
    public void connected(CallId callId, MediaConnected connected) {
        tell(callId, workflow -> workflow.mediaConnected(connected));
    }

    @Override
    public void machineHeard(CallId callId, int attempt) {
        dials.machineHeard(callId, attempt, clock.instant()).block(DATABASE);
    }

    @Override
    public void usage(CallId callId, UsageReport report) {
        try {
            tell(callId, workflow -> workflow.usage(report));
        } catch (WorkflowGone e) {
            usage.recordLate(report).block(DATABASE);
        }
    }

    @Override
    public void ended(CallId callId, MediaEnded ended) {
        tell(callId, workflow -> workflow.mediaEnded(ended));
    }

    private void tell(CallId callId, Consumer<CallWorkflow> signal) {
        try {
            signal.accept(client.newWorkflowStub(CallWorkflow.class, CallWorkflows.workflowId(callId)));
        } catch (WorkflowNotFoundException e) {
            throw new WorkflowGone(e);
        }
    }
}
