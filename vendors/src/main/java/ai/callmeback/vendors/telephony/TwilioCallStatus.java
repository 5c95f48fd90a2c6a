package ai.callmeback.vendors.telephony;

/** The vendor's call states. */
public enum TwilioCallStatus {
    QUEUED("queued", false),
    INITIATED("initiated", false),
    RINGING("ringing", false),
    IN_PROGRESS("in-progress", false),
    COMPLETED("completed", true),
    BUSY("busy", true),
    FAILED("failed", true),
    NO_ANSWER("no-answer", true),
    CANCELED("canceled", true),
    /** A state this version does not know. */
    OTHER("", false);

    private final String wire;
    private final boolean terminal;

    TwilioCallStatus(String wire, boolean terminal) {
        this.wire = wire;
        this.terminal = terminal;
    }

    public String wire() {
        return wire;
    }

    public boolean terminal() {
        return terminal;
    }

    public static TwilioCallStatus parse(String wire) {
        for (TwilioCallStatus status : values()) {
            if (status.wire.equals(wire)) {
                return status;
            }
        }
        return OTHER;
    }
}
