package ai.callmeback.simulators.twilio;

import java.util.Locale;

/** The vendor's states of a call. */
enum CallStatus {
    QUEUED,
    RINGING,
    IN_PROGRESS,
    COMPLETED,
    BUSY,
    FAILED,
    NO_ANSWER,
    CANCELED;

    /** As on the wire. */
    String text() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    boolean over() {
        return this != QUEUED && this != RINGING && this != IN_PROGRESS;
    }
}
