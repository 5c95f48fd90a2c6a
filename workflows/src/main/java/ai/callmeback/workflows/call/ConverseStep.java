package ai.callmeback.workflows.call;

import ai.callmeback.domain.call.CallStatus;
import ai.callmeback.domain.call.EndedBy;
import ai.callmeback.domain.policy.Limits;
import ai.callmeback.workflows.call.MediaActivities.MediaLook;
import io.temporal.workflow.Async;
import io.temporal.workflow.Workflow;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Steps 4 and 5: stays with a talk from its answer to its end, over as many media legs as it takes. The audio needs none
 * of this; what is decided here is what to do when a leg ends without the call ending.
 */
final class ConverseStep {
    /**
     * How the attempt ended.
     *
     * @param cutOff the telephony hung up because our worker died
     */
    record Outcome(TalkEnd end, boolean cutOff) {}

    private final CallContext call;
    private final CallState state;
    private final AttemptLog attempt;
    private int redirects;
    private boolean lastLegDied;
    private @Nullable ConverseResult lastResult;

    ConverseStep(CallContext call, AttemptLog attempt) {
        this.call = call;
        this.state = call.state();
        this.attempt = attempt;
    }

    Outcome run() {
        call.advance(CallStatus.IN_PROGRESS, null, Map.of("attempt", String.valueOf(attempt.attempt())), "Answered");
        if (state.cancelAsked()) {
            state.askHangUp("user");
        }
        int secondsAtAnswer = state.plannedSeconds();
        Instant latestEnd = Waits.now()
                .plusSeconds(secondsAtAnswer)
                .plus(Limits.FAREWELL_MARGIN)
                .plus(Limits.OVERTIME_TOLERANCE);
        if (state.snapshot().inbound()) {
            // Of a call we make the limit is set at dialling. Nothing of the talk waits for this.
            Async.procedure(() -> call.limit(attempt.attempt(), state.plannedSeconds()));
        }
        int lastLeg = 0;
        MediaConnected leg = nextLeg(lastLeg);
        while (leg != null) {
            lastLeg = leg.mediaLeg();
            state.speaking(lastLeg);
            call.describe("In conversation, leg " + lastLeg);
            LegWatch.End end = new LegWatch(call, attempt, leg).run(latestEnd, reckonedWith(secondsAtAnswer));
            lastResult = end.result() == null ? lastResult : end.result();
            lastLegDied = end.kind() == LegWatch.Kind.DIED;
            if (lastLegDied) {
                state.legDied(lastLeg);
            }
            if (end.kind() == LegWatch.Kind.CALL_ENDED) {
                awaitLastWord();
                break;
            }
            leg = nextLeg(lastLeg);
        }
        state.silent();
        call.storeUsage();
        return new Outcome(talkEnd(), cutOff());
    }

    /**
     * The length the latest end was reckoned with: every extension since then moves it, be it of an earlier leg. Histories of
     * calls that were extended before this was so know an end that forgot those of earlier legs.
     */
    private int reckonedWith(int secondsAtAnswer) {
        int now = state.plannedSeconds();
        boolean extended = now != secondsAtAnswer;
        return extended && Workflow.getVersion("extended-legs", Workflow.DEFAULT_VERSION, 1) == Workflow.DEFAULT_VERSION
                ? now
                : secondsAtAnswer;
    }

    /** The next leg to watch; null when the telephony has hung up, or will not come back to us. */
    private @Nullable MediaConnected nextLeg(int after) {
        Duration patience = after == 0 ? Limits.FIRST_MEDIA_PATIENCE : Limits.HANDOVER_PATIENCE;
        while (true) {
            if (after > 0) {
                call.describe("Leg " + after + " is over; waiting for the next worker");
            }
            Waits.until(
                    patience,
                    "next media leg",
                    () -> attempt.connectedAfter(after) || attempt.over() || state.hangUpBy() != null);
            if (!attempt.connectedAfter(after)) {
                claimedWithoutWord(after);
            }
            if (attempt.connectedAfter(after)) {
                return attempt.connected();
            }
            if (attempt.over()) {
                return null;
            }
            call.look(attempt);
            if (attempt.over()) {
                return null;
            }
            if (state.hangUpBy() != null || redirects >= Limits.REDIRECTS) {
                call.endCall(attempt);
                awaitLastWord();
                return null;
            }
            redirects++;
            call.redirect(attempt);
            patience = Limits.FIRST_MEDIA_PATIENCE;
        }
    }

    /** A claim whose signal has not come: Postgres knows of it. */
    private void claimedWithoutWord(int after) {
        MediaLook look = call.media().lookAtMedia(call.callId());
        if (look.alive() && look.mediaLeg() > after && look.attempt() == attempt.attempt()) {
            attempt.take(LegWatch.connected(look));
        }
    }

    private void awaitLastWord() {
        call.describe("The talk is over; waiting for the telephony's last word");
        for (int looks = 0; looks < 3; looks++) {
            if (Waits.until(Limits.FINAL_STATUS_PATIENCE, "the telephony's last word", attempt::over)) {
                return;
            }
            call.look(attempt);
            if (attempt.over()) {
                return;
            }
            call.endCall(attempt);
        }
    }

    private boolean cutOff() {
        return lastLegDied && attempt.over() && state.hangUpBy() == null;
    }

    private TalkEnd talkEnd() {
        long lostMediaMs = 0;
        boolean vendorFault = false;
        for (ConverseResult result : attempt.results()) {
            lostMediaMs += result.lostMediaMs();
            vendorFault |= result.vendorFault();
        }
        ConverseResult last = lastResult;
        if (last != null && last.endedBy() != null) {
            return new TalkEnd(last.endedBy(), last.reason(), lostMediaMs, vendorFault);
        }
        String hangUpBy = state.hangUpBy();
        if (hangUpBy != null) {
            return new TalkEnd(
                    hangUpBy.equals("user") ? EndedBy.USER : EndedBy.SYSTEM, "requested", lostMediaMs, vendorFault);
        }
        if (lastLegDied) {
            return new TalkEnd(EndedBy.ERROR, TalkEnd.CUT_OFF, lostMediaMs, vendorFault);
        }
        if (attempt.connected() == null) {
            // Answered, and then nobody spoke: a machine was told apart, the person hung up at once, or we failed.
            return new TalkEnd(attempt.over() ? EndedBy.USER : EndedBy.ERROR, "no_media", lostMediaMs, vendorFault);
        }
        return new TalkEnd(EndedBy.USER, "user_hung_up", lostMediaMs, vendorFault);
    }
}
