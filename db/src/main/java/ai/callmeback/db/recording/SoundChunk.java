package ai.callmeback.db.recording;

import ai.callmeback.domain.CallId;
import java.time.Instant;

/**
 * A stretch of both sides of a call.
 *
 * @param number counts the stretches of a leg; one that is missing was silent or lost
 * @param samples of each side, 8000 a second
 * @param sound the user's samples, then as many of the persona's, as µ-law; sealed while it is stored
 */
@SuppressWarnings("ArrayRecordComponent") // handed on once and only read
public record SoundChunk(CallId callId, int mediaLeg, int number, Instant startsAt, int samples, byte[] sound) {
    /** The same without its sound, for finding one's way. */
    public record Place(int mediaLeg, int number, Instant startsAt, int samples) {}
}
