package ai.callmeback.vendors.telephony;

import java.net.URI;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * A call to place.
 *
 * @param toE164 number to ring, {@code +} and digits
 * @param answerUrl where the vendor asks what to do when it is answered
 * @param statusCallback where it reports initiated, ringing, answered, completed
 * @param amdCallback where it reports who answered; null switches machine detection off. Detection runs beside the call
 * @param ringTimeout how long to let it ring, 5 to 600 s
 * @param timeLimit the longest the call may last, 1 s to 4 h
 */
public record PlaceCall(
        String toE164,
        URI answerUrl,
        URI statusCallback,
        @Nullable URI amdCallback,
        Duration ringTimeout,
        Duration timeLimit) {

    public PlaceCall {
        if (!toE164.matches("\\+[1-9][0-9]{6,14}")) {
            throw new IllegalArgumentException("toE164 is not + and 7 to 15 digits");
        }
        require("ringTimeout", ringTimeout, Duration.ofSeconds(5), Duration.ofSeconds(600));
        require("timeLimit", timeLimit, Duration.ofSeconds(1), Duration.ofHours(4));
    }

    private static void require(String name, Duration value, Duration least, Duration most) {
        if (value.compareTo(least) < 0 || value.compareTo(most) > 0) {
            throw new IllegalArgumentException(name + " is " + value + ", must be " + least + " to " + most);
        }
    }

    @Override
    public String toString() {
        return "PlaceCall[ringTimeout=" + ringTimeout + ", timeLimit=" + timeLimit + "]";
    }
}
