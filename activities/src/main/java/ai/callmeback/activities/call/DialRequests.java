package ai.callmeback.activities.call;

import ai.callmeback.db.call.CallRecord;
import ai.callmeback.domain.CallId;
import ai.callmeback.domain.policy.Limits;
import ai.callmeback.vendors.settings.PlatformSettings;
import ai.callmeback.vendors.telephony.PlaceCall;
import java.net.URI;
import java.time.Duration;
import org.springframework.stereotype.Component;

/** The addresses and limits a dial carries. */
@Component
final class DialRequests {
    private final PlatformSettings platform;

    DialRequests(PlatformSettings platform) {
        this.platform = platform;
    }

    PlaceCall place(CallRecord call, int attempt) {
        return new PlaceCall(
                call.phone().value(),
                answerUrl(call.id(), attempt),
                webhook("status", call.id(), attempt),
                webhook("amd", call.id(), attempt),
                Limits.RING_TIMEOUT,
                timeLimit(call.totalSeconds()));
    }

    /** The telephony's own hard limit for so long a talk; an extension moves it. */
    static Duration timeLimit(int talkSeconds) {
        return Duration.ofSeconds(talkSeconds).plus(Limits.FAREWELL_MARGIN);
    }

    URI answerUrl(CallId callId, int attempt) {
        return webhook("voice", callId, attempt);
    }

    private URI webhook(String kind, CallId callId, int attempt) {
        return platform.publicUri("/webhooks/twilio/" + kind + "/" + callId + "/" + attempt);
    }
}
