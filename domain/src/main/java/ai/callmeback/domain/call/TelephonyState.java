package ai.callmeback.domain.call;

import java.util.Arrays;
import java.util.Optional;

/**
 * The vendor's own states of a call (Twilio's {@code CallStatus}), ranked so that reports arriving in any order only
 * move it forward. A terminal state is never left.
 */
public enum TelephonyState {
    QUEUED("queued", 0),
    INITIATED("initiated", 1),
    RINGING("ringing", 2),
    IN_PROGRESS("in-progress", 3),
    COMPLETED("completed", 4),
    BUSY("busy", 4),
    NO_ANSWER("no-answer", 4),
    FAILED("failed", 4),
    CANCELED("canceled", 4);

    private static final int TERMINAL_RANK = 4;

    private final String wire;
    private final int rank;

    TelephonyState(String wire, int rank) {
        this.wire = wire;
        this.rank = rank;
    }

    public static Optional<TelephonyState> ofWire(String wire) {
        return Arrays.stream(values()).filter(s -> s.wire.equals(wire)).findFirst();
    }

    /** The spelling on the wire. */
    public String wire() {
        return wire;
    }

    public int rank() {
        return rank;
    }

    public boolean isTerminal() {
        return rank == TERMINAL_RANK;
    }

    /** True when a report of {@code next} tells more than this one. */
    public boolean isBefore(TelephonyState next) {
        return rank < next.rank;
    }
}
