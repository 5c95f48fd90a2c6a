package ai.callmeback.workflows.call;

import ai.callmeback.domain.call.EndedBy;
import org.jspecify.annotations.Nullable;

/**
 * How a media leg ended.
 *
 * @param endedBy who ended the call; null when the leg ended without ending the call
 * @param reason a stable snake_case word: {@code user_hung_up}, {@code farewell}, {@code time_up}, {@code idle},
 *     {@code requested}, {@code drain}, {@code superseded}, {@code vendor_fault}, {@code lost}…
 * @param talkMs from the leg's first media frame to its last
 * @param userWords words of the user transcribed in this leg
 * @param lostMediaMs media lost through our fault within this leg (underruns, late start); gaps between legs are added by
 *     the workflow
 * @param vendorFault a vendor failed and no fallback helped
 */
public record ConverseResult(
        End end,
        @Nullable EndedBy endedBy,
        String reason,
        long talkMs,
        int userWords,
        long lostMediaMs,
        boolean vendorFault) {
    /** Whether the call goes on. */
    public enum End {
        /** The call is over, or is being completed by REST. */
        CALL_ENDED,
        /** This worker stepped down (drain, superseded); the telephony is expected at the next one. */
        HANDED_OVER,
        /** This process does not have the leg. */
        LOST
    }
}
