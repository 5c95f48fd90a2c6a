package ai.callmeback.workflows.call;

import ai.callmeback.domain.CallId;
import ai.callmeback.domain.call.CallStatus;
import ai.callmeback.domain.call.CallbackPolicy;
import ai.callmeback.domain.call.TelephonyState;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A call as Postgres has it when a run begins; a run that begins anew (after a wiped Temporal) continues from here.
 *
 * @param userRef the user's pseudonym: safe to be shown to operators
 * @param bookedSeconds as booked
 * @param plannedSeconds extensions included
 * @param inbound the person rang us: nothing is dialled, and nobody is rung back
 */
public record CallSnapshot(
        CallId callId,
        CallStatus status,
        @Nullable String reason,
        String personaId,
        String userRef,
        boolean immediate,
        Instant scheduledFor,
        @Nullable Instant dueAt,
        int bookedSeconds,
        int plannedSeconds,
        CallbackPolicy policy,
        int attempt,
        int cutOffRedials,
        @Nullable Integer billedSeconds,
        List<Attempt> attempts,
        boolean inbound) {
    public CallSnapshot {
        attempts = List.copyOf(attempts);
    }

    /** One attempt to dial, as far as it is known. */
    public record Attempt(
            int attempt,
            @Nullable String callSid,
            @Nullable TelephonyState telephony,
            @Nullable Integer durationSeconds,
            @Nullable String answeredBy) {}
}
