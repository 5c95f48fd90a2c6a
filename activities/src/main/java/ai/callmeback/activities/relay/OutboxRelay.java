package ai.callmeback.activities.relay;

import ai.callmeback.db.call.CallOutbox;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;

/**
 * Tells Temporal of accepted calls. A row is deleted after the workflow has started; dying in between starts it again,
 * which finds it started.
 */
@Component
class OutboxRelay {
    private static final Logger log = LoggerFactory.getLogger(OutboxRelay.class);
    private static final int BATCH = 50;
    private static final Duration LEASE = Duration.ofSeconds(30);
    private static final Duration RETRY = Duration.ofSeconds(2);
    private static final Duration DATABASE = Duration.ofSeconds(8);

    private final CallOutbox outbox;
    private final CallStarter starter;
    private final InstantSource clock;

    OutboxRelay(CallOutbox outbox, CallStarter starter, InstantSource clock) {
        this.outbox = outbox;
        this.starter = starter;
        this.clock = clock;
    }

    /** Answers how many calls were started. */
    int round() {
        List<CallOutbox.Entry> due =
                outbox.lease(BATCH, LEASE, clock.instant()).collectList().block(DATABASE);
        int started = 0;
        for (CallOutbox.Entry entry : due == null ? List.<CallOutbox.Entry>of() : due) {
            try {
                starter.start(entry.callId());
                outbox.done(entry.id()).block(DATABASE);
                started++;
            } catch (RuntimeException e) {
                log.warn(
                        "call {} could not be started yet: {}",
                        entry.callId(),
                        e.getClass().getSimpleName());
                outbox.later(entry.id(), clock.instant().plus(RETRY)).block(DATABASE);
            }
        }
        return started;
    }
}
