package ai.callmeback.workflows.call;

import ai.callmeback.domain.call.CallStatus;
import ai.callmeback.domain.policy.Limits;
import ai.callmeback.domain.usage.UsageReport;
import ai.callmeback.workflows.call.AdmissionActivities.Admission;
import ai.callmeback.workflows.call.AftercareActivities.Notice;
import io.temporal.failure.ActivityFailure;
import io.temporal.workflow.Workflow;
import io.temporal.workflow.WorkflowInit;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;

/** A call's life: handlers note what is heard, {@link #run} takes it from step to step. */
public final class CallWorkflowImpl implements CallWorkflow {
    private final CallState state;
    private final CallContext call;
    private final Extension extension;

    @WorkflowInit
    public CallWorkflowImpl(CallInput input) {
        state = new CallState(input.callId());
        call = new CallContext(state);
        extension = new Extension(call);
    }

    @Override
    public CallSummary run(CallInput input) {
        state.load(call.records().load(input.callId()));
        call.introduce();
        if (state.status() == CallStatus.SCHEDULED) {
            switch (new ScheduleStep(call).run()) {
                case DUE -> {
                    // Falls through to its admission.
                }
                case CONTINUE_AS_NEW -> {
                    Workflow.await(Workflow::isEveryHandlerFinished);
                    if (!state.cancelAsked() && !state.scheduledFor().isAfter(Waits.now())) {
                        Workflow.continueAsNew(input);
                    }
                    return run(input);
                }
                case CANCELED -> call.advance(CallStatus.CANCELED, "user", Map.of(), "Cancelled");
                case MISSED -> missed();
            }
        }
        call.show();
        if (state.status() == CallStatus.DUE) {
            admit();
        }
        new CallPath(call).run();
        Workflow.await(Workflow::isEveryHandlerFinished);
        new SettleStep(call).correct();
        return state.summary();
    }

    /** Step 2. */
    private void admit() {
        if (state.cancelAsked()) {
            call.advance(CallStatus.CANCELED, "user", Map.of(), "Cancelled");
            return;
        }
        if (new ScheduleStep(call).tooLate()) {
            missed();
            return;
        }
        Admission admission;
        try {
            admission = ActivityPolicy.ADMIT.stub(AdmissionActivities.class).admit(state.callId());
        } catch (ActivityFailure e) {
            missed();
            return;
        }
        if (admission.refusalCode() == null) {
            state.moved(CallStatus.ADMITTED, null);
        } else {
            call.advance(CallStatus.REFUSED, admission.refusalCode(), Map.of("detail", admission.detail()), "Refused");
            call.notifyUser(Notice.REFUSED);
        }
    }

    private void missed() {
        call.advance(CallStatus.MISSED, "too_late", Map.of(), "Missed: it could not be started in time");
        call.notifyUser(Notice.MISSED);
    }

    @Override
    public CallView cancel(Requests.Cancel request) {
        if (state.status() == CallStatus.CANCELED) {
            return state.view();
        }
        state.askCancel();
        Workflow.await(() -> state.status().isTerminal()
                || state.status() == CallStatus.ENDED
                || state.status() == CallStatus.SETTLED);
        return state.view();
    }

    @Override
    public void validateCancel(Requests.Cancel request) {
        if (state.status() == CallStatus.CANCELED) {
            return;
        }
        if (state.status().isTerminal()) {
            throw CallWorkflows.refuse("call_over", "the call is over: " + state.status());
        }
        if (answered()) {
            throw CallWorkflows.refuse("call_answered", "the call has been answered; hang up instead");
        }
    }

    @Override
    public CallView reschedule(Requests.Reschedule request) {
        Workflow.await(state::isLoaded);
        if (state.cancelAsked()
                || state.status() != CallStatus.SCHEDULED
                || !call.records().moveSchedule(state.callId(), request)) {
            throw CallWorkflows.refuse("not_reschedulable", "the call is no longer waiting for its time");
        }
        state.rescheduled(request.at());
        return state.view();
    }

    @Override
    public void validateReschedule(Requests.Reschedule request) {
        if (state.status() != CallStatus.SCHEDULED || state.cancelAsked()) {
            throw CallWorkflows.refuse("not_reschedulable", "the call is no longer waiting for its time");
        }
        Instant now = Waits.now();
        if (!request.at().isAfter(now)) {
            throw CallWorkflows.refuse("past_time", "the new time is not in the future");
        }
        if (request.at().isAfter(now.plus(Limits.BOOKABLE_AHEAD))) {
            throw CallWorkflows.refuse(
                    "too_far_ahead", "the new time is more than " + Limits.BOOKABLE_AHEAD.toDays() + " days ahead");
        }
    }

    @Override
    public CallView hangUp(Requests.HangUp request) {
        state.askHangUp(request.by());
        Workflow.await(Duration.ofSeconds(30), () -> state.status() != CallStatus.IN_PROGRESS);
        return state.view();
    }

    @Override
    public void validateHangUp(Requests.HangUp request) {
        requireInProgress();
    }

    @Override
    public CallView extend(Requests.Extend request) {
        return extension.grant(request);
    }

    @Override
    public void validateExtend(Requests.Extend request) {
        requireInProgress();
        extension.check(request);
    }

    @Override
    public void telephonyStatus(TelephonyStatus status) {
        state.take(status);
    }

    @Override
    public void mediaConnected(MediaConnected connected) {
        state.log(connected.attempt()).take(connected);
    }

    @Override
    public void mediaEnded(MediaEnded ended) {
        state.log(ended.attempt()).take(ended);
    }

    @Override
    public void usage(UsageReport report) {
        state.take(report);
    }

    @Override
    public CallView status() {
        return state.view();
    }

    private boolean answered() {
        return state.status() == CallStatus.IN_PROGRESS
                || state.status() == CallStatus.ENDED
                || state.status() == CallStatus.SETTLED;
    }

    private void requireInProgress() {
        if (state.status() != CallStatus.IN_PROGRESS) {
            throw CallWorkflows.refuse("not_in_progress", "the call is not in progress: " + state.status());
        }
    }
}
