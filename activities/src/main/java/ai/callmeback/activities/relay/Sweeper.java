package ai.callmeback.activities.relay;

import ai.callmeback.db.call.CallRecord;
import ai.callmeback.db.call.CallStore;
import ai.callmeback.db.call.CallTranscripts;
import ai.callmeback.db.ledger.Ledger;
import ai.callmeback.domain.CallId;
import ai.callmeback.domain.policy.Limits;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;

/**
 * Makes sure that every call that is not over has a workflow, whatever became of Temporal: walks through all open calls,
 * a page a round, and starts each one's. For a call that has its workflow that is one question to Temporal and no change.
 */
@Component
class Sweeper {
    private static final Logger log = LoggerFactory.getLogger(Sweeper.class);
    private static final int PAGE = 100;
    private static final int HOLDS = 200;
    private static final int PURGES = 50;
    private static final Duration DATABASE = Duration.ofSeconds(8);

    /** The call's own workflow comes first; this long after it nobody else will. */
    private static final Duration PURGE_GRACE = Duration.ofHours(1);

    /** A row this fresh is being worked on. */
    private static final Duration QUIET = Duration.ofSeconds(10);

    private final CallStore calls;
    private final CallStarter starter;
    private final CallTranscripts transcripts;
    private final Ledger ledger;
    private final InstantSource clock;
    private @Nullable CallId last;

    Sweeper(CallStore calls, CallStarter starter, CallTranscripts transcripts, Ledger ledger, InstantSource clock) {
        this.calls = calls;
        this.starter = starter;
        this.transcripts = transcripts;
        this.ledger = ledger;
        this.clock = clock;
    }

    /**
     * One page. Answers 0, so that rounds keep their pace, unless workflows were missing and there may be more: then all of
     * Temporal may have been lost, and the next page follows at once.
     */
    int round() {
        List<CallRecord> page = calls.open(last, PAGE).collectList().block(DATABASE);
        List<CallRecord> open = page == null ? List.of() : page;
        int started = 0;
        for (CallRecord call : open) {
            if (call.updatedAt().isBefore(clock.instant().minus(QUIET)) && starter.resume(call.id())) {
                started++;
            }
        }
        last = open.size() < PAGE ? null : open.getLast().id();
        return last == null ? 0 : started;
    }

    /** Expires holds that nobody will resolve any more, and grants past their time. */
    int sweepLedger() {
        var report = ledger.sweep(HOLDS).block(DATABASE);
        if (report != null && !report.flagged().isEmpty()) {
            log.warn(
                    "{} holds are overdue though a dial was intended",
                    report.flagged().size());
        }
        return 0;
    }

    /** Deletes what was said in calls whose retention is over, also where Temporal lost the timer or there was none. */
    int sweepRetention() {
        Instant now = clock.instant();
        Long purged = transcripts
                .purgeOverBefore(now.minus(Limits.TRANSCRIPT_RETENTION).minus(PURGE_GRACE), PURGES, now)
                .block(DATABASE);
        return purged == null ? 0 : Math.toIntExact(purged);
    }
}
