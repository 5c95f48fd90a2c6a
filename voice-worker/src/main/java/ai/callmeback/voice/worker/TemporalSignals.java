package ai.callmeback.voice.worker;

import ai.callmeback.domain.CallId;
import ai.callmeback.domain.usage.UsageReport;
import ai.callmeback.voice.report.WorkflowSignals;
import ai.callmeback.workflows.call.CallWorkflow;
import ai.callmeback.workflows.call.CallWorkflows;
import ai.callmeback.workflows.call.MediaConnected;
import ai.callmeback.workflows.call.MediaEnded;
import io.temporal.client.WorkflowClient;
import io.temporal.client.WorkflowNotFoundException;
import java.util.function.Consumer;

/** Signals by Temporal. */
final class TemporalSignals implements WorkflowSignals {
    private final WorkflowClient client;

    TemporalSignals(WorkflowClient client) {
        this.client = client;
    }

    @Override
    public void connected(CallId callId, MediaConnected connected) {
        tell(callId, workflow -> workflow.mediaConnected(connected));
    }

    @Override
    public void usage(CallId callId, UsageReport report) {
        tell(callId, workflow -> workflow.usage(report));
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
