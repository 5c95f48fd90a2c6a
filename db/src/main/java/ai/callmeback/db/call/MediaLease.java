package ai.callmeback.db.call;

import ai.callmeback.domain.CallId;
import org.jspecify.annotations.Nullable;

/**
 * What a renewal tells the owner of a call's media.
 *
 * @param owned false: another worker has it, or the call is over; stop speaking and close
 * @param plannedSeconds extensions included
 * @param hangUp set when the call shall end now: {@code user}, {@code operator} or {@code system}
 * @param callSid null while not known
 * @param answeredBy who picked up, in the telephony's words; null while not known
 */
public record MediaLease(
        CallId callId,
        boolean owned,
        int plannedSeconds,
        @Nullable String hangUp,
        @Nullable String callSid,
        @Nullable String answeredBy) {}
