package ai.callmeback.workflows.call;

import org.jspecify.annotations.Nullable;

/**
 * What is known of a dial.
 *
 * @param callSid with {@link Kind#ACCEPTED}
 * @param code a refusal code, or why it is not known
 */
public record DialResult(
        Kind kind,
        @Nullable String callSid,
        @Nullable String code,
        @Nullable String detail) {
    /** The kinds of knowledge. */
    public enum Kind {
        /** The telephony has it. */
        ACCEPTED,
        /** Nothing rings, and asking again would not help. */
        REFUSED,
        /** Nothing rings; a later attempt may do. */
        FAILED,
        /** A phone may be ringing. */
        UNKNOWN,
        /** Another call's dial to this number is open; nothing was written. */
        NUMBER_BUSY,
        /** Given up; if it shows up after all it is cancelled. */
        ABANDONED
    }

    public static DialResult accepted(String callSid) {
        return new DialResult(Kind.ACCEPTED, callSid, null, null);
    }

    public static DialResult of(Kind kind, String code, String detail) {
        return new DialResult(kind, null, code, detail);
    }
}
