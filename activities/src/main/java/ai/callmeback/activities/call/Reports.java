package ai.callmeback.activities.call;

import ai.callmeback.db.call.DialIntent;
import ai.callmeback.db.call.DialIntents;
import ai.callmeback.domain.call.TelephonyState;
import ai.callmeback.vendors.telephony.AnsweredBy;
import ai.callmeback.vendors.telephony.CallDetails;
import ai.callmeback.workflows.call.TelephonyStatus;
import java.time.Instant;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** From the telephony's words to ours. */
public final class Reports {
    private Reports() {}

    static DialIntents.Report of(CallDetails call, Instant at) {
        return new DialIntents.Report(
                call.callSid(),
                TelephonyState.ofWire(call.status().wire()).orElse(null),
                call.durationSeconds(),
                word(call.answeredBy()),
                null,
                at);
    }

    /** What an intent tells its workflow; null while the telephony has said nothing. */
    public static @Nullable TelephonyStatus status(DialIntent intent) {
        if (intent.callSid() == null) {
            return null;
        }
        return new TelephonyStatus(
                intent.attempt(),
                intent.callSid(),
                intent.telephony() == null ? TelephonyState.QUEUED : intent.telephony(),
                intent.durationSeconds(),
                intent.answeredBy(),
                intent.sipCode(),
                intent.endedAt() == null ? intent.begunAt() : intent.endedAt());
    }

    private static @Nullable String word(@Nullable AnsweredBy answeredBy) {
        return answeredBy == null ? null : answeredBy.name().toLowerCase(Locale.ROOT);
    }
}
