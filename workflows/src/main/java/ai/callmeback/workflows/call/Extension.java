package ai.callmeback.workflows.call;

import ai.callmeback.domain.policy.Limits;
import io.temporal.workflow.Workflow;
import io.temporal.workflow.WorkflowLock;

/** Lengthens a talk: the telephony's hard limit, then credits, then time. */
final class Extension {
    private final CallContext call;
    private final CallState state;
    private final WorkflowLock lock = Workflow.newWorkflowLock();

    Extension(CallContext call) {
        this.call = call;
        this.state = call.state();
    }

    void check(Requests.Extend request) {
        if (state.extendedAlready(request.requestId())) {
            return;
        }
        if (request.minutes() < 1) {
            throw CallWorkflows.refuse("invalid_duration", "an extension is at least 1 minute");
        }
        long total = extensionSoFar() + request.minutes() * 60L;
        if (total > Limits.EXTENSION_ROOM.toSeconds()) {
            throw CallWorkflows.refuse(
                    "too_long", "a call can be extended by " + Limits.EXTENSION_ROOM.toMinutes() + " minutes in all");
        }
    }

    /** The lock keeps two requests from both seeing the same room while the ledger is asked. */
    CallView grant(Requests.Extend request) {
        lock.lock();
        try {
            check(request);
            if (state.extendedAlready(request.requestId())) {
                return state.view();
            }
            int added = request.minutes() * 60;
            int total = extensionSoFar() + added;
            moveTimeLimit(added);
            String refused = call.records().extendCall(call.callId(), request.requestId(), added, total);
            if (refused != null) {
                throw CallWorkflows.refuse(refused, "the call could not be extended");
            }
            state.extendedBy(added, request.requestId());
            return state.view();
        } finally {
            lock.unlock();
        }
    }

    /**
     * First, because it needs no undoing: a hard limit that lies too late costs nothing, one that lies too early would cut
     * the time that was paid for.
     */
    private void moveTimeLimit(int addedSeconds) {
        if (Workflow.getVersion("time-limit", Workflow.DEFAULT_VERSION, 1) == Workflow.DEFAULT_VERSION) {
            return;
        }
        if (!call.limit(state.attempt(), state.plannedSeconds() + addedSeconds)) {
            throw CallWorkflows.refuse("telephony_unreachable", "the telephony's time limit could not be moved");
        }
    }

    private int extensionSoFar() {
        return state.plannedSeconds() - state.snapshot().bookedSeconds();
    }
}
