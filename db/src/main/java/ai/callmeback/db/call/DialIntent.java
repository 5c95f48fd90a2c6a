package ai.callmeback.db.call;

import ai.callmeback.domain.CallId;
import ai.callmeback.domain.E164;
import ai.callmeback.domain.call.TelephonyState;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * One attempt to dial, and all that is known of it.
 *
 * @param cutOff its conversation ended because we failed
 */
public record DialIntent(
        CallId callId,
        int attempt,
        E164 number,
        State state,
        @Nullable String callSid,
        @Nullable String reason,
        @Nullable TelephonyState telephony,
        @Nullable String answeredBy,
        @Nullable Integer sipCode,
        @Nullable Integer durationSeconds,
        @Nullable Instant answeredAt,
        @Nullable Instant endedAt,
        Instant begunAt,
        boolean cutOff) {

    /** What we know of the request to dial. */
    public enum State {
        /** Written; the request may or may not have been sent. */
        BEGUN,
        /** The telephony has it. */
        ACCEPTED,
        /** The request's outcome is not known. */
        UNKNOWN,
        /** The telephony said no. */
        REFUSED,
        /** Given up as unknown: if the call shows up after all, it is cancelled. */
        ABANDONED,
        /** Over. */
        CLOSED
    }
}
