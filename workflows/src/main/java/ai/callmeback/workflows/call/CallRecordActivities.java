package ai.callmeback.workflows.call;

import ai.callmeback.domain.CallId;
import ai.callmeback.domain.call.CallStatus;
import ai.callmeback.domain.usage.UsageReport;
import io.temporal.activity.ActivityInterface;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Keeping the call's row. Every method may be repeated: a repeat finds its work done. */
@ActivityInterface
public interface CallRecordActivities {
    CallSnapshot load(CallId callId);

    /** Moves the call forward and tells the user; answers where it stands afterwards. */
    CallStatus advance(Advance step);

    /** Answers false when the call is no longer scheduled. */
    boolean moveSchedule(CallId callId, Requests.Reschedule request);

    /** Holds more credits and lengthens the call to {@code totalExtensionSeconds}; answers a refusal code or null. */
    @Nullable
    String extendCall(CallId callId, String requestId, int addedSeconds, int totalExtensionSeconds);

    /** Keeps a usage report and tells the user the running cost. */
    void storeUsage(UsageReport report);

    /** Keeps how the talk ended; the first word stands. */
    void noteEnd(CallId callId, TalkEnd end);

    /**
     * @param reason a stable code, or null
     * @param data shown to the user with the event; no personal data
     * @param dedupeKey names this step of this call
     */
    record Advance(CallId callId, CallStatus to, @Nullable String reason, Map<String, String> data, String dedupeKey) {}
}
