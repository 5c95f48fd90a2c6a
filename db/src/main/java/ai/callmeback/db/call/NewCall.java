package ai.callmeback.db.call;

import ai.callmeback.domain.CallId;
import ai.callmeback.domain.E164;
import ai.callmeback.domain.PersonaId;
import ai.callmeback.domain.UserId;
import ai.callmeback.domain.call.CallbackPolicy;
import ai.callmeback.domain.call.PlannedDuration;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A call to be promised, already checked by the caller.
 *
 * @param idempotencyKey the client's; null means that every request is a new call
 * @param when now, or a wall clock in a zone
 */
public record NewCall(
        CallId id,
        UserId userId,
        @Nullable String idempotencyKey,
        PersonaId personaId,
        String pretext,
        E164 phone,
        PlannedDuration planned,
        When when,
        CallbackPolicy policy,
        Instant createdAt) {

    /**
     * @param at when it is due; the acceptance itself for an immediate call
     * @param localTime ISO-8601 without offset, as asked for; null for an immediate call
     * @param timeZone by which the person called reads the clock; null if an immediate call came without
     */
    public record When(
            Instant at,
            @Nullable String localTime,
            @Nullable String timeZone) {
        public static When now(Instant at) {
            return now(at, null);
        }

        public static When now(Instant at, @Nullable String timeZone) {
            return new When(at, null, timeZone);
        }

        public boolean immediate() {
            return localTime == null;
        }
    }

    /** SHA-256 over what the client asked for; what the server made up (id, instants) is not part of it. */
    byte[] requestHash() {
        String asked = String.join(
                "\u0000",
                List.of(
                        personaId.value(),
                        pretext,
                        phone.value(),
                        planned.name(),
                        String.valueOf(when.localTime()),
                        String.valueOf(when.timeZone()),
                        policy.toString()));
        try {
            return MessageDigest.getInstance("SHA-256").digest(asked.getBytes(StandardCharsets.UTF_8));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }
}
