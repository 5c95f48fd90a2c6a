package ai.callmeback.workflows.call;

import ai.callmeback.domain.policy.Limits;
import ai.callmeback.workflows.call.MediaActivities.MediaLook;
import io.temporal.failure.ActivityFailure;
import io.temporal.failure.CanceledFailure;
import io.temporal.workflow.Async;
import io.temporal.workflow.CancellationScope;
import io.temporal.workflow.Promise;
import io.temporal.workflow.Workflow;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;

/**
 * Watches one media leg. A missed heartbeat proves nothing (an outage of Temporal ends every activity, and touches no
 * audio): it only makes this look at the lease in Postgres, and attach again while that is renewed.
 */
final class LegWatch {
    private static final Logger log = Workflow.getLogger(LegWatch.class);
    /** Doubled each time: a leg whose watch keeps failing must not fill the history. */
    private static final Duration REATTACH_AFTER = Duration.ofSeconds(1);

    private static final Duration REATTACH_AT_MOST = Duration.ofSeconds(30);

    /** What the leg's end means for the call. */
    enum Kind {
        /** The call is over or being completed. */
        CALL_ENDED,
        /** The leg is over, the call is not: the telephony is expected at another worker. */
        NEXT_LEG,
        /** Its worker is gone without a word. */
        DIED
    }

    /** @param result what the worker said of it, if it could */
    record End(Kind kind, @Nullable ConverseResult result) {}

    private final CallContext call;
    private final CallState state;
    private final AttemptLog attempt;
    private final MediaConnected leg;
    private @Nullable Promise<ConverseResult> attached;
    private boolean hangUpSent;
    private boolean reattach;
    private Duration reattachAfter = REATTACH_AFTER;
    private Instant attention = Instant.MAX;

    LegWatch(CallContext call, AttemptLog attempt, MediaConnected leg) {
        this.call = call;
        this.state = call.state();
        this.attempt = attempt;
        this.leg = leg;
    }

    static MediaConnected connected(MediaLook look) {
        return new MediaConnected(
                look.attempt(), look.mediaLeg(), look.incarnation(), CallWorkflows.voiceQueue(look.incarnation()), "");
    }

    /**
     * @param latestEnd when the call must be over if it may last {@code bookedSeconds}
     * @param bookedSeconds extensions beyond it move that end, whichever leg they were granted on
     */
    End run(Instant latestEnd, int bookedSeconds) {
        CancellationScope scope = Workflow.newCancellationScope(() -> {
            ConverseActivity converse = ActivityPolicy.converse(leg.taskQueue(), leg.mediaLeg());
            attached =
                    Async.function(converse::converse, new ConverseInput(call.callId(), leg.attempt(), leg.mediaLeg()));
        });
        scope.run();
        while (true) {
            Instant limit = latestEnd.plusSeconds(state.plannedSeconds() - bookedSeconds);
            End end = step(limit);
            if (end != null) {
                if (!attached.isCompleted()) {
                    scope.cancel();
                }
                return end;
            }
            if (reattach) {
                // The watch ended without an answer, yet the lease is renewed.
                reattach = false;
                waitAside(limit);
                if (!overdue(limit)) {
                    scope.run();
                }
            }
        }
    }

    /** Waits for the next thing to happen and deals with it; null to go on. */
    private @Nullable End step(Instant limit) {
        Waits.until(
                Duration.between(Waits.now(), deadline(limit)),
                "leg " + leg.mediaLeg() + " of the talk",
                this::stirred);
        if (attempt.connectedAfter(leg.mediaLeg())) {
            return new End(Kind.NEXT_LEG, attempt.result(leg.mediaLeg()));
        }
        ConverseResult result = result();
        if (result != null) {
            return ended(result);
        }
        if (state.hasUsage()) {
            call.storeUsage();
            return null;
        }
        if (attempt.over()) {
            return telephonyOver();
        }
        if (overdue(limit)) {
            // The worker did not manage it in time. Asked before anything about the watch: however often that fails,
            // no call runs past its limit.
            state.askHangUp("system");
            call.endCall(attempt);
            attention = Instant.MAX;
            return new End(Kind.CALL_ENDED, null);
        }
        if (promise().isCompleted()) {
            return look();
        }
        if (hangUpDue()) {
            call.describe("Hanging up as asked");
            hangUpSent = true;
            call.media().requestHangUp(call.callId(), state.hangUpBy());
            attention = Waits.now().plus(Limits.HANG_UP_PATIENCE);
            return null;
        }
        return null;
    }

    /** The worker's time to hang up as asked, or the limit, whichever is nearer. */
    private Instant deadline(Instant limit) {
        return attention.isBefore(limit) ? attention : limit;
    }

    private boolean overdue(Instant limit) {
        return !Waits.now().isBefore(deadline(limit));
    }

    private boolean hangUpDue() {
        return state.hangUpBy() != null && !hangUpSent;
    }

    /** Before attaching again; anything that tells more than the watch could ends the wait, and so does the deadline. */
    private void waitAside(Instant limit) {
        Duration left = Duration.between(Waits.now(), deadline(limit));
        Waits.until(
                reattachAfter.compareTo(left) < 0 ? reattachAfter : left,
                "attaching again",
                () -> attempt.result(leg.mediaLeg()) != null
                        || attempt.connectedAfter(leg.mediaLeg())
                        || attempt.over()
                        || hangUpDue());
        Duration doubled = reattachAfter.multipliedBy(2);
        reattachAfter = doubled.compareTo(REATTACH_AT_MOST) > 0 ? REATTACH_AT_MOST : doubled;
    }

    private boolean stirred() {
        return promise().isCompleted()
                || attempt.result(leg.mediaLeg()) != null
                || attempt.connectedAfter(leg.mediaLeg())
                || attempt.over()
                || state.hasUsage()
                || hangUpDue();
    }

    private Promise<ConverseResult> promise() {
        if (attached == null) {
            throw new IllegalStateException("not attached yet");
        }
        return attached;
    }

    /** The worker's own word, by its signal or by the activity, whichever came first. */
    private @Nullable ConverseResult result() {
        ConverseResult signalled = attempt.result(leg.mediaLeg());
        if (signalled != null) {
            return signalled;
        }
        if (!promise().isCompleted()) {
            return null;
        }
        try {
            ConverseResult returned = promise().get();
            if (returned.end() == ConverseResult.End.LOST) {
                return null;
            }
            attempt.take(new MediaEnded(leg.attempt(), leg.mediaLeg(), returned));
            return returned;
        } catch (ActivityFailure | CanceledFailure e) {
            log.info("the watch over leg {} ended: {}", leg.mediaLeg(), e.getMessage());
            return null;
        }
    }

    private static End ended(ConverseResult result) {
        return switch (result.end()) {
            case CALL_ENDED -> new End(Kind.CALL_ENDED, result);
            case HANDED_OVER -> new End(Kind.NEXT_LEG, result);
            case LOST -> new End(Kind.DIED, null);
        };
    }

    /** The telephony has hung up; a living worker will say how it was. */
    private End telephonyOver() {
        Waits.until(
                Limits.CONVERSE_HEARTBEAT_TIMEOUT.plusSeconds(1),
                "the worker's last word",
                () -> attempt.result(leg.mediaLeg()) != null || promise().isCompleted());
        ConverseResult result = result();
        if (result != null) {
            return ended(result);
        }
        MediaLook look = call.media().lookAtMedia(call.callId());
        if (look.alive()) {
            // The lease of a worker that has just died still runs. One that lives renews it, or has its say.
            Waits.until(
                    Limits.MEDIA_LEASE.plusSeconds(1),
                    "the lease of leg " + leg.mediaLeg(),
                    () -> attempt.result(leg.mediaLeg()) != null);
            ConverseResult late = attempt.result(leg.mediaLeg());
            if (late != null) {
                return ended(late);
            }
            look = call.media().lookAtMedia(call.callId());
        }
        return look.released() || look.alive() ? new End(Kind.CALL_ENDED, null) : new End(Kind.DIED, null);
    }

    private @Nullable End look() {
        MediaLook look = call.media().lookAtMedia(call.callId());
        if (look.mediaLeg() > leg.mediaLeg()) {
            attempt.take(connected(look));
            return new End(Kind.NEXT_LEG, null);
        }
        if (look.released()) {
            return new End(Kind.NEXT_LEG, null);
        }
        reattach = look.alive();
        return reattach ? null : new End(Kind.DIED, null);
    }
}
