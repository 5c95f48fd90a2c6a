package ai.callmeback.voice.call;

import ai.callmeback.domain.call.EndedBy;
import org.jspecify.annotations.Nullable;

/** Why a media leg is over: one row per reason, with who ended the call, and whether the call itself is over. */
public enum EndReason {
    USER_HUNG_UP("user_hung_up", EndedBy.USER, true),
    /** The user said goodbye and the persona answered it. */
    FAREWELL("farewell", EndedBy.AGENT, true),
    TIME_UP("time_up", EndedBy.SYSTEM, true),
    IDLE("idle", EndedBy.SYSTEM, true),
    /** The user asked for it by the API. */
    REQUESTED("requested", EndedBy.USER, true),
    /** An operator, or the platform itself, asked for it. */
    STOPPED("stopped", EndedBy.SYSTEM, true),
    /** The user's budget for calls would have been passed; they were told so. */
    BUDGET("budget", EndedBy.SYSTEM, true),
    /** A machine answered. */
    MACHINE("machine", EndedBy.SYSTEM, true),
    VENDOR_FAULT("vendor_fault", EndedBy.ERROR, true),
    /** The socket broke without a {@code stop}: Twilio is expected at the next worker. */
    STREAM_LOST("stream_lost", null, false),
    /** Another worker owns the media now. */
    SUPERSEDED("superseded", null, false),
    DRAIN("drain", null, false);

    private final String code;
    private final @Nullable EndedBy endedBy;
    private final boolean callOver;

    EndReason(String code, @Nullable EndedBy endedBy, boolean callOver) {
        this.code = code;
        this.endedBy = endedBy;
        this.callOver = callOver;
    }

    /** Stable, snake_case. */
    public String code() {
        return code;
    }

    /** Who ended the call; null if it goes on elsewhere. */
    public @Nullable EndedBy endedBy() {
        return endedBy;
    }

    public boolean callOver() {
        return callOver;
    }
}
