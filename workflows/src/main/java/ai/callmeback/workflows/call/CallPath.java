package ai.callmeback.workflows.call;

import ai.callmeback.domain.call.CallStatus;
import ai.callmeback.domain.policy.Limits;
import ai.callmeback.workflows.call.AftercareActivities.Notice;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Steps 3 to 8 in their order, entered wherever the call stands. */
final class CallPath {
    private static final String BY_USER = "user";

    private final CallContext call;
    private final CallState state;
    private final SettleStep settle;

    CallPath(CallContext call) {
        this.call = call;
        this.state = call.state();
        this.settle = new SettleStep(call);
    }

    void run() {
        switch (state.status()) {
            case ADMITTED -> reach(1, 0, null);
            case DIALING, RINGING, IN_PROGRESS -> reach(Math.max(1, state.attempt()), state.cutOffRedials(), null);
            case RETRY_WAIT -> reach(state.attempt() + 1, state.cutOffRedials(), null);
            case ENDED, SETTLED -> settle.run();
            case SCHEDULED, DUE -> throw new IllegalStateException("not admitted: " + state.status());
            case COMPLETED, CANCELED, REFUSED, MISSED, UNANSWERED, FAILED -> {
                // Nothing follows.
            }
        }
    }

    /** Attempt after attempt, until the person was reached or the policy says to stop. */
    private void reach(int firstAttempt, int redials, @Nullable TalkEnd cutOff) {
        AttemptLog attempt = state.openAttempt(firstAttempt, redials);
        TalkEnd earlier = cutOff;
        while (true) {
            switch (new DialStep(call).run(attempt, state.cutOffRedials() > 0)) {
                case AttemptOutcome.Answered answered -> {
                    ConverseStep.Outcome talk = new ConverseStep(call, attempt).run();
                    TalkEnd end = talk.end();
                    if (!talk.cutOff() || state.cutOffRedials() >= Limits.CUT_OFF_REDIALS || inbound()) {
                        ended(end);
                        return;
                    }
                    earlier = end;
                    attempt = redial();
                }
                case AttemptOutcome.NotReached notReached -> {
                    Optional<Duration> delay = earlier == null ? nextDelay() : Optional.empty();
                    if (delay.isEmpty() || !waitForRetry(notReached.reason(), delay.get())) {
                        unreached(earlier, notReached.reason());
                        return;
                    }
                    attempt = state.openAttempt(state.attempt() + 1, state.cutOffRedials());
                }
                case AttemptOutcome.Refused refused -> {
                    close(earlier, CallStatus.REFUSED, refused.code(), refused.detail(), Notice.REFUSED);
                    return;
                }
                case AttemptOutcome.Canceled canceled -> {
                    close(earlier, CallStatus.CANCELED, BY_USER, "", null);
                    return;
                }
            }
        }
    }

    private boolean inbound() {
        return state.snapshot().inbound();
    }

    /** We were cut off: ring again at once, with the conversation kept. What was cut off is not charged. */
    private AttemptLog redial() {
        call.advance(
                CallStatus.RETRY_WAIT,
                TalkEnd.CUT_OFF,
                Map.of("reason", TalkEnd.CUT_OFF),
                "Cut off by our fault; ringing again");
        Waits.until(Limits.CUT_OFF_REDIAL_DELAY, "ringing again after a cut-off", state::cancelAsked);
        return state.openAttempt(state.attempt() + 1, state.cutOffRedials() + 1);
    }

    private Optional<Duration> nextDelay() {
        Instant last = state.due().plus(state.policy().giveUpAfter());
        return state.policy()
                .delayAfter(state.policyAttempts())
                .filter(delay -> !Waits.now().plus(delay).isAfter(last));
    }

    private boolean waitForRetry(String reason, Duration delay) {
        Instant next = Waits.now().plus(delay);
        call.advance(
                CallStatus.RETRY_WAIT,
                reason,
                Map.of("nextAttemptAt", next.toString()),
                "Attempt " + state.attempt() + " not answered (" + reason + "); next at " + next);
        Waits.until(delay, "next attempt", state::cancelAsked);
        return !state.cancelAsked();
    }

    /** Given up, or called off while it waited to ring again: then the last attempt's reason is no reason any more. */
    private void unreached(@Nullable TalkEnd earlier, String reason) {
        if (state.cancelAsked()) {
            close(earlier, CallStatus.CANCELED, BY_USER, "", null);
        } else {
            close(earlier, CallStatus.UNANSWERED, reason, "", Notice.UNANSWERED);
        }
    }

    /** Nobody was reached (any more): an earlier, cut-off talk is settled as such; else the hold goes back. */
    private void close(
            @Nullable TalkEnd earlier, CallStatus status, String reason, String detail, @Nullable Notice notice) {
        if (earlier != null) {
            ended(earlier);
            return;
        }
        settle.release();
        call.advance(status, reason, Map.of("detail", detail), status + ": " + reason);
        if (notice != null && state.status() != CallStatus.CANCELED && !inbound()) {
            call.notifyUser(notice);
        }
    }

    private void ended(TalkEnd end) {
        call.records().noteEnd(call.callId(), end);
        call.advance(
                CallStatus.ENDED,
                end.reason(),
                Map.of("endedBy", end.endedBy().name(), "endReason", end.reason()),
                "Ended by " + end.endedBy() + " (" + end.reason() + "); settling");
        settle.run();
    }
}
