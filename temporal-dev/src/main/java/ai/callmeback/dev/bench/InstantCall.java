package ai.callmeback.dev.bench;

import ai.callmeback.domain.CallId;
import ai.callmeback.domain.call.CallStatus;
import ai.callmeback.domain.call.CallbackPolicy;
import ai.callmeback.domain.call.EndedBy;
import ai.callmeback.domain.usage.UsageReport;
import ai.callmeback.workflows.call.AdmissionActivities;
import ai.callmeback.workflows.call.AftercareActivities;
import ai.callmeback.workflows.call.CallRecordActivities;
import ai.callmeback.workflows.call.CallSnapshot;
import ai.callmeback.workflows.call.ConverseActivity;
import ai.callmeback.workflows.call.ConverseInput;
import ai.callmeback.workflows.call.ConverseResult;
import ai.callmeback.workflows.call.DialActivities;
import ai.callmeback.workflows.call.DialResult;
import ai.callmeback.workflows.call.MediaActivities;
import ai.callmeback.workflows.call.Requests;
import ai.callmeback.workflows.call.SettlementActivities;
import ai.callmeback.workflows.call.TalkEnd;
import ai.callmeback.workflows.call.TelephonyStatus;
import java.time.Instant;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/** Every activity of a call, done at once: what is left to measure is the workflow. Counts what it is asked. */
final class InstantCall
        implements CallRecordActivities,
                AdmissionActivities,
                DialActivities,
                MediaActivities,
                SettlementActivities,
                AftercareActivities,
                ConverseActivity {
    static final ConverseResult TALK =
            new ConverseResult(ConverseResult.End.CALL_ENDED, EndedBy.USER, "user_hung_up", 60_000, 12, 0, false);

    final LongAdder asked = new LongAdder();

    private <T> T counted(T answer) {
        asked.increment();
        return answer;
    }

    @Override
    public CallSnapshot load(CallId callId) {
        return counted(new CallSnapshot(
                callId,
                CallStatus.SCHEDULED,
                null,
                "brad_001",
                "bench",
                true,
                Instant.now(),
                null,
                300,
                300,
                CallbackPolicy.DEFAULT,
                0,
                0,
                null,
                java.util.List.of(),
                false));
    }

    @Override
    public CallStatus advance(Advance step) {
        return counted(step.to());
    }

    @Override
    public boolean moveSchedule(CallId callId, Requests.Reschedule request) {
        return counted(true);
    }

    @Override
    public @Nullable String extendCall(CallId callId, String requestId, int added, int total) {
        asked.increment();
        return null;
    }

    @Override
    public void storeUsage(UsageReport report) {
        asked.increment();
    }

    @Override
    public void noteEnd(CallId callId, TalkEnd end) {
        asked.increment();
    }

    @Override
    public Admission admit(CallId callId) {
        return counted(new Admission(null, ""));
    }

    @Override
    public void prepareBrief(CallId callId, int attempt, boolean afterCutOff) {
        asked.increment();
    }

    @Override
    public DialResult dial(CallId callId, int attempt, boolean afterCutOff) {
        return counted(DialResult.accepted("CA1"));
    }

    @Override
    public DialResult resolveDial(CallId callId, int attempt) {
        return counted(DialResult.accepted("CA1"));
    }

    @Override
    public DialResult abandonDial(CallId callId, int attempt) {
        return counted(DialResult.accepted("CA1"));
    }

    @Override
    public @Nullable TelephonyStatus lookAtCall(CallId callId, int attempt) {
        asked.increment();
        return null;
    }

    @Override
    public void endCall(CallId callId, int attempt) {
        asked.increment();
    }

    @Override
    public void redirectCall(CallId callId, int attempt) {
        asked.increment();
    }

    @Override
    public void limitCall(CallId callId, int attempt, int talkSeconds) {
        asked.increment();
    }

    @Override
    public MediaLook lookAtMedia(CallId callId) {
        return counted(new MediaLook(1, 1, "bench", true, false));
    }

    @Override
    public void requestHangUp(CallId callId, String by) {
        asked.increment();
    }

    @Override
    public Settled settle(CallId callId) {
        return counted(new Settled("CHARGED", "by_the_second", 60, 60, "by_the_second"));
    }

    @Override
    public Costs recordCosts(CallId callId) {
        return counted(new Costs(424_500, true));
    }

    @Override
    public void notifyUser(CallId callId, Notice notice) {
        asked.increment();
    }

    @Override
    public int closeTranscript(CallId callId) {
        return counted(4);
    }

    @Override
    public void summarize(CallId callId) {
        asked.increment();
    }

    @Override
    public void purgeConversation(CallId callId) {
        asked.increment();
    }

    @Override
    public ConverseResult converse(ConverseInput input) {
        return counted(TALK);
    }
}
