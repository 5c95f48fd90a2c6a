package ai.callmeback.domain.call;

import ai.callmeback.domain.Credits;
import java.util.Arrays;
import java.util.Optional;

/** The lengths a call can be booked for. */
public enum PlannedDuration {
    MINUTES_3(3),
    MINUTES_5(5),
    MINUTES_10(10),
    MINUTES_15(15);

    public static final PlannedDuration DEFAULT = MINUTES_5;

    private final int minutes;

    PlannedDuration(int minutes) {
        this.minutes = minutes;
    }

    public static Optional<PlannedDuration> ofMinutes(int minutes) {
        return Arrays.stream(values()).filter(d -> d.minutes == minutes).findFirst();
    }

    public static Optional<PlannedDuration> ofSeconds(int seconds) {
        return Arrays.stream(values()).filter(d -> d.seconds() == seconds).findFirst();
    }

    public int minutes() {
        return minutes;
    }

    public int seconds() {
        return minutes * 60;
    }

    /** What a call of this length holds. */
    public Credits credits() {
        return Credits.ofMinutes(minutes);
    }
}
