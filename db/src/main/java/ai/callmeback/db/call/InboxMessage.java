package ai.callmeback.db.call;

import ai.callmeback.domain.CallId;
import java.time.Instant;
import java.util.Map;

/**
 * A verified webhook, as it came.
 *
 * @param id the inbox's own number; 0 before it is stored
 * @param source the vendor, such as {@code twilio}
 * @param kind {@code status} or {@code amd}
 * @param dedupeKey the same for every delivery of one event
 * @param payload the form's fields that matter; telephone numbers left out
 */
public record InboxMessage(
        long id,
        String source,
        String kind,
        String dedupeKey,
        CallId callId,
        int attempt,
        Map<String, String> payload,
        Instant receivedAt) {
    public InboxMessage {
        payload = Map.copyOf(payload);
    }
}
