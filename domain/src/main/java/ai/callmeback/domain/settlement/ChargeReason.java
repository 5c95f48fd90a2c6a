package ai.callmeback.domain.settlement;

import java.util.Locale;

/** Why a call was charged or not; the codes are stable and shown to users, operators and finance. */
public enum ChargeReason {
    NEVER_ANSWERED,
    MACHINE,
    TOO_SHORT,
    NO_USER_SPEECH,
    VENDOR_FAULT,
    LOST_MEDIA,
    BY_THE_SECOND,
    /** Charged by the same row, under {@link ChargePolicy#WHOLE_LENGTH}, and more than half of the planned length was used. */
    WHOLE_LENGTH,
    /** A language model is sure of it, where the rules leave it open. */
    NO_CONVERSATION;

    /** The stable snake_case code. */
    public String code() {
        return name().toLowerCase(Locale.ROOT);
    }
}
