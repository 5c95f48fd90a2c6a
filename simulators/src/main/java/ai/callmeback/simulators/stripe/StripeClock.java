package ai.callmeback.simulators.stripe;

import ai.callmeback.simulators.core.Resettable;
import ai.callmeback.simulators.core.SimTime;
import java.time.Duration;
import java.time.Instant;
import org.springframework.stereotype.Component;

/** The vendor's wall clock, which may be ahead of ours or behind it: it dates objects and signs events. */
@Component
class StripeClock implements Resettable {
    private final SimTime time;
    private volatile Duration ahead = Duration.ZERO;

    StripeClock(SimTime time) {
        this.time = time;
    }

    Instant now() {
        return time.now().plus(ahead);
    }

    /** From now on; negative: behind. */
    void ahead(Duration by) {
        ahead = by;
    }

    @Override
    public void reset() {
        ahead = Duration.ZERO;
    }
}
