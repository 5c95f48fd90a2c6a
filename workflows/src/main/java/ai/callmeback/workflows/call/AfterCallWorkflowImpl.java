package ai.callmeback.workflows.call;

import ai.callmeback.domain.CallId;
import ai.callmeback.domain.policy.Limits;
import ai.callmeback.workflows.call.AftercareActivities.Notice;
import io.temporal.failure.ActivityFailure;
import io.temporal.workflow.TimerOptions;
import io.temporal.workflow.Workflow;
import org.slf4j.Logger;

/** Each step may fail for good without keeping the next from running. */
public final class AfterCallWorkflowImpl implements AfterCallWorkflow {
    private static final Logger log = Workflow.getLogger(AfterCallWorkflowImpl.class);

    private final AftercareActivities aftercare = ActivityPolicy.AFTERCARE.stub(AftercareActivities.class);
    private final AftercareActivities mind = ActivityPolicy.SUMMARY.stub(AftercareActivities.class);

    @Override
    public void run(CallInput input) {
        CallId callId = input.callId();
        Workflow.setCurrentDetails("Writing the transcript and the summary");
        step("transcript", () -> aftercare.closeTranscript(callId));
        step("summary", () -> mind.summarize(callId));
        step("ready e-mail", () -> aftercare.notifyUser(callId, Notice.READY));
        Workflow.setCurrentDetails("Done; waiting for the end of retention");
        Workflow.newTimer(
                        Limits.TRANSCRIPT_RETENTION,
                        TimerOptions.newBuilder().setSummary("retention ends").build())
                .get();
        step("purge", () -> aftercare.purgeConversation(callId));
    }

    private static void step(String name, Runnable work) {
        try {
            work.run();
        } catch (ActivityFailure e) {
            log.warn("{} given up: {}", name, e.getMessage());
        }
    }
}
