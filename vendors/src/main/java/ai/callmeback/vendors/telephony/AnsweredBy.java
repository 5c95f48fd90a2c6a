package ai.callmeback.vendors.telephony;

import org.jspecify.annotations.Nullable;

/** Who picked up, by the vendor's machine detection. */
public enum AnsweredBy {
    HUMAN,
    MACHINE,
    FAX,
    UNKNOWN;

    /** Null for an absent or empty value: no detection has spoken yet. */
    public static @Nullable AnsweredBy parse(@Nullable String wire) {
        if (wire == null || wire.isEmpty()) {
            return null;
        }
        return switch (wire) {
            case "human" -> HUMAN;
            case "fax" -> FAX;
            case "machine_start", "machine_end_beep", "machine_end_silence", "machine_end_other" -> MACHINE;
            default -> UNKNOWN;
        };
    }
}
