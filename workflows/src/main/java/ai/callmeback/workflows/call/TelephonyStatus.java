package ai.callmeback.workflows.call;

import ai.callmeback.domain.call.TelephonyState;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * One report of the telephony about one attempt.
 *
 * @param durationSeconds the vendor's own duration, with a terminal state
 * @param answeredBy the vendor's answering machine detection, when it has spoken ({@code human}, {@code machine_start}…)
 */
public record TelephonyStatus(
        int attempt,
        String callSid,
        TelephonyState state,
        @Nullable Integer durationSeconds,
        @Nullable String answeredBy,
        @Nullable Integer sipCode,
        Instant at) {}
