package ai.callmeback.workflows.call;

import ai.callmeback.domain.usage.UsageReport;
import io.temporal.workflow.QueryMethod;
import io.temporal.workflow.SignalMethod;
import io.temporal.workflow.UpdateMethod;
import io.temporal.workflow.UpdateValidatorMethod;
import io.temporal.workflow.WorkflowInterface;
import io.temporal.workflow.WorkflowMethod;

/**
 * One call, workflow id {@code call-{callId}} ({@link CallWorkflows#workflowId}). Signals may come in any order, twice, or
 * for an attempt that is over: they only ever move the call forward. Refused updates fail with an
 * {@link io.temporal.failure.ApplicationFailure} whose type is a stable snake_case code.
 */
@WorkflowInterface
public interface CallWorkflow {
    @WorkflowMethod
    CallSummary run(CallInput input);

    /** Withdraws a call that has not been answered. Repeating it is harmless. Refused with {@code call_answered}. */
    @UpdateMethod
    CallView cancel(Requests.Cancel request);

    @UpdateValidatorMethod(updateName = "cancel")
    void validateCancel(Requests.Cancel request);

    /** Moves a call that is not yet due. Refused with {@code not_reschedulable} or {@code past_time}. */
    @UpdateMethod
    CallView reschedule(Requests.Reschedule request);

    @UpdateValidatorMethod(updateName = "reschedule")
    void validateReschedule(Requests.Reschedule request);

    /** Ends a talk in progress as the user. Refused with {@code not_in_progress}. */
    @UpdateMethod
    CallView hangUp(Requests.HangUp request);

    @UpdateValidatorMethod(updateName = "hangUp")
    void validateHangUp(Requests.HangUp request);

    /** Adds to the planned length, with a further hold. Refused with {@code not_in_progress}, {@code too_long}, {@code insufficient_credit}. */
    @UpdateMethod
    CallView extend(Requests.Extend request);

    @UpdateValidatorMethod(updateName = "extend")
    void validateExtend(Requests.Extend request);

    /** What the telephony reports; sent by the inbox relay. */
    @SignalMethod
    void telephonyStatus(TelephonyStatus status);

    /** A voice worker owns the call's media and speaks. */
    @SignalMethod
    void mediaConnected(MediaConnected connected);

    /** A media leg is over; sent at once by its worker, before the converse activity's own result. */
    @SignalMethod
    void mediaEnded(MediaEnded ended);

    /** Cumulative counters of a leg, every 15 s and at its end. */
    @SignalMethod
    void usage(UsageReport report);

    @QueryMethod
    CallView status();
}
