package ai.callmeback.activities.relay;

import ai.callmeback.db.call.CallOutbox;
import ai.callmeback.db.call.CallRecord;
import ai.callmeback.db.call.CallStore;
import ai.callmeback.vendors.trace.CallSpan;
import ai.callmeback.vendors.trace.CallSpan.Kind;
import ai.callmeback.vendors.trace.CallTraces;
import ai.callmeback.workflows.call.SettlementActivities;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;

/**
 * Tells Temporal of accepted calls and of completed ones, and books costs again where usage came in after the workflow.
 * A row is deleted after its workflow has started; dying in between starts it again, which finds it started.
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
    private final CallStore calls;
    private final SettlementActivities money;
    private final CallTraces traces;
    private final InstantSource clock;

    OutboxRelay(
            CallOutbox outbox,
            CallStarter starter,
            CallStore calls,
            SettlementActivities money,
            CallTraces traces,
            InstantSource clock) {
        this.traces = traces;
        this.calls = calls;
        this.money = money;
        this.outbox = outbox;
        this.starter = starter;
        this.clock = clock;
    }

    /** Answers how many entries were done. */
    int round() {
        List<CallOutbox.Entry> due =
                outbox.lease(BATCH, LEASE, clock.instant()).collectList().block(DATABASE);
        int done = 0;
        for (CallOutbox.Entry entry : due == null ? List.<CallOutbox.Entry>of() : due) {
            try {
                if (done(entry)) {
                    outbox.done(entry.id()).block(DATABASE);
                    done++;
                } else {
                    outbox.later(entry.id(), clock.instant().plus(RETRY)).block(DATABASE);
                }
            } catch (RuntimeException e) {
                log.warn(
                        "call {}: {} could not be done yet: {}",
                        entry.callId(),
                        entry.task(),
                        e.getClass().getSimpleName());
                outbox.later(entry.id(), clock.instant().plus(RETRY)).block(DATABASE);
            }
        }
        return done;
    }

    private boolean done(CallOutbox.Entry entry) {
        switch (entry.task()) {
            case START -> {
                Instant begun = clock.instant();
                starter.start(entry.callId());
                traces.add(CallSpan.of(
                        entry.callId(),
                        CallSpan.OUTBOX,
                        CallSpan.REQUEST,
                        Kind.PRODUCER,
                        "outbox start",
                        begun,
                        clock.instant()));
                return true;
            }
            case AFTER -> {
                starter.startAfter(entry.callId());
                return true;
            }
            case COSTS -> {
                CallRecord call = calls.find(entry.callId()).block(DATABASE);
                if (call == null || !call.status().isTerminal()) {
                    // Its workflow will book all there is; whether it saw this report is known afterwards.
                    return false;
                }
                money.recordCosts(entry.callId());
                return true;
            }
        }
        throw new IllegalStateException("no such task: " + entry.task());
    }
}
