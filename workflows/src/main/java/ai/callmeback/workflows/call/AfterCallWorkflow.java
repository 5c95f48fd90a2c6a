package ai.callmeback.workflows.call;

import io.temporal.workflow.WorkflowInterface;
import io.temporal.workflow.WorkflowMethod;

/**
 * What follows an answered call: transcript, summary, the "ready" e-mail, and the end of retention. Asked for in Postgres
 * by the write that completes the call, so that it is promised like the call itself; nothing that fails here touches the
 * money.
 */
@WorkflowInterface
public interface AfterCallWorkflow {
    @WorkflowMethod
    void run(CallInput input);
}
