package ai.callmeback.activities.relay;

import ai.callmeback.domain.CallId;
import ai.callmeback.workflows.call.AfterCallWorkflow;
import ai.callmeback.workflows.call.CallInput;
import ai.callmeback.workflows.call.CallWorkflow;
import ai.callmeback.workflows.call.CallWorkflows;
import ai.callmeback.workflows.call.TelephonyStatus;
import io.temporal.api.enums.v1.WorkflowIdReusePolicy;
import io.temporal.client.WorkflowClient;
import io.temporal.client.WorkflowExecutionAlreadyStarted;
import io.temporal.client.WorkflowNotFoundException;
import io.temporal.client.WorkflowOptions;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;

/** Starts and signals call workflows. Calls of this class block; while Temporal is down, for seconds. */
@Component
class CallStarter {
    private static final Logger log = LoggerFactory.getLogger(CallStarter.class);

    private final WorkflowClient temporal;

    CallStarter(WorkflowClient temporal) {
        this.temporal = temporal;
    }

    /** Starts the call's workflow unless one is, or has been, there. */
    void start(CallId callId) {
        start(callId, CallWorkflows.startOptions(callId));
    }

    /**
     * Starts a workflow for a call whose row is not final: a closed one of the same id did not finish its work. Should it
     * have done so just now, the new run finds the row final and ends at once.
     *
     * @return whether one had to be started
     */
    boolean resume(CallId callId) {
        return start(
                callId,
                WorkflowOptions.newBuilder(CallWorkflows.startOptions(callId))
                        .setWorkflowIdReusePolicy(WorkflowIdReusePolicy.WORKFLOW_ID_REUSE_POLICY_ALLOW_DUPLICATE)
                        .build());
    }

    private boolean start(CallId callId, WorkflowOptions options) {
        CallWorkflow workflow = temporal.newWorkflowStub(CallWorkflow.class, options);
        try {
            WorkflowClient.start(workflow::run, new CallInput(callId));
            return true;
        } catch (WorkflowExecutionAlreadyStarted e) {
            // As wanted: it was there before us.
            return false;
        }
    }

    /** Starts what follows a completed call, unless it is, or has been, there. */
    void startAfter(CallId callId) {
        AfterCallWorkflow workflow =
                temporal.newWorkflowStub(AfterCallWorkflow.class, CallWorkflows.afterOptions(callId));
        try {
            WorkflowClient.start(workflow::run, new CallInput(callId));
        } catch (WorkflowExecutionAlreadyStarted e) {
            log.debug("what follows call {} had been started", callId);
        }
    }

    /** Answers false when no workflow of this call is running. */
    boolean signal(CallId callId, TelephonyStatus status) {
        try {
            temporal.newWorkflowStub(CallWorkflow.class, CallWorkflows.workflowId(callId))
                    .telephonyStatus(status);
            return true;
        } catch (WorkflowNotFoundException e) {
            return false;
        }
    }
}
