package ai.callmeback.activities.relay;

import ai.callmeback.db.recording.Recordings;
import java.time.Duration;
import java.time.InstantSource;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.stereotype.Component;

/**
 * Deletes recordings whose time is over: by their age in Postgres alone, so that no timer has to outlast a wiped Temporal,
 * and a shorter time holds for what is there already.
 */
@Component
class RecordingSweeper {
    private static final int CALLS = 20;
    private static final Duration DATABASE = Duration.ofSeconds(20);

    private final Recordings recordings;
    private final Duration keptFor;
    private final InstantSource clock;

    RecordingSweeper(Recordings recordings, @Value("${callmeback.recording-days}") int days, InstantSource clock) {
        if (days < 0) {
            throw new IllegalArgumentException("RECORDING_RETENTION_DAYS must not be negative");
        }
        this.recordings = recordings;
        this.keptFor = Duration.ofDays(days);
        this.clock = clock;
    }

    int round() {
        Long gone =
                recordings.purgeBefore(clock.instant().minus(keptFor), CALLS).block(DATABASE);
        return gone == null ? 0 : Math.toIntExact(gone);
    }
}
