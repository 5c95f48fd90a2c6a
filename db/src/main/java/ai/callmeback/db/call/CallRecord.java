package ai.callmeback.db.call;

import ai.callmeback.domain.CallId;
import ai.callmeback.domain.E164;
import ai.callmeback.domain.PersonaId;
import ai.callmeback.domain.UserId;
import ai.callmeback.domain.call.CallDirection;
import ai.callmeback.domain.call.CallStatus;
import ai.callmeback.domain.call.CallbackPolicy;
import ai.callmeback.domain.call.EndedBy;
import ai.callmeback.domain.settlement.ChargePolicy;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A call as it stands in the database.
 *
 * @param phone the number that was rung: the person's, or of an inbound call the persona's
 * @param chargePolicy fixed when the call holds its credits; by the second before that
 */
public record CallRecord(
        CallId id,
        UserId userId,
        PersonaId personaId,
        String pretext,
        E164 phone,
        CallDirection direction,
        int plannedSeconds,
        int extendedSeconds,
        boolean immediate,
        Instant scheduledFor,
        @Nullable String localTime,
        @Nullable String timeZone,
        CallbackPolicy policy,
        CallStatus status,
        @Nullable String statusReason,
        @Nullable String statusDetail,
        int attempt,
        int cutOffRedials,
        @Nullable Instant dueAt,
        @Nullable Instant answeredAt,
        @Nullable Instant endedAt,
        @Nullable EndedBy endedBy,
        @Nullable String endReason,
        int holdSeconds,
        ChargePolicy chargePolicy,
        String chargeDecision,
        @Nullable String chargeReason,
        @Nullable Integer billedSeconds,
        @Nullable Integer chargedSeconds,
        @Nullable Instant settledAt,
        @Nullable Long costUsdMicros,
        @Nullable Instant costsRecordedAt,
        @Nullable String summary,
        int lastEventSeq,
        Instant createdAt,
        Instant updatedAt) {
    /** What the hold has come to: as booked, and what extensions added to it. */
    public int heldSeconds() {
        return holdSeconds == 0 ? 0 : holdSeconds + extendedSeconds;
    }

    public boolean inbound() {
        return direction == CallDirection.INBOUND;
    }

    public int totalSeconds() {
        return plannedSeconds + extendedSeconds;
    }
}
