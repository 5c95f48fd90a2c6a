package ai.callmeback.db.call;

import ai.callmeback.domain.CallId;
import java.time.Instant;

/**
 * Something a user may see happen to a call.
 *
 * @param sequence from 1, without holes, per call
 * @param kind {@code status}, {@code turn}, {@code usage}, {@code notice}…
 * @param dataJson a JSON object
 */
public record CallEvent(CallId callId, int sequence, String kind, String dataJson, Instant at) {}
