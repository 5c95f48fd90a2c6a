package ai.callmeback.voice.report;

import ai.callmeback.domain.CallId;
import ai.callmeback.domain.usage.UsageReport;
import ai.callmeback.workflows.call.MediaConnected;
import ai.callmeback.workflows.call.MediaEnded;

/** Tells a call's workflow something; blocks, and throws if it could not be told. */
public interface WorkflowSignals {
    void connected(CallId callId, MediaConnected connected);

    /** A machine answered this attempt, known by its words: it is written where the charge is decided. */
    void machineHeard(CallId callId, int attempt);

    void usage(CallId callId, UsageReport report);

    void ended(CallId callId, MediaEnded ended);

    /** The workflow is over, or lost until it is begun anew: it cannot be told. */
    final class WorkflowGone extends RuntimeException {
        private static final long serialVersionUID = 1L;

        public WorkflowGone(Throwable cause) {
            super(cause);
        }
    }
}
