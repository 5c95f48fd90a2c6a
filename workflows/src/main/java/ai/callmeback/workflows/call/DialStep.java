package ai.callmeback.workflows.call;

import ai.callmeback.domain.call.CallStatus;
import ai.callmeback.domain.call.TelephonyState;
import ai.callmeback.domain.policy.Limits;
import io.temporal.failure.ActivityFailure;
import java.time.Duration;
import java.time.Instant;
import java.util.Locale;

/** Step 3: one attempt, from the intent to the answer. A dial whose outcome is unknown is found out, never repeated. */
final class DialStep {
    private static final int LOOKS_BEFORE_GIVING_UP = 3;

    private final CallContext call;
    private final CallState state;
    private final DialActivities prepare = ActivityPolicy.RECORD.stub(DialActivities.class, "brief");
    private final DialActivities dial = ActivityPolicy.DIAL.stub(DialActivities.class);
    private final DialActivities resolve = ActivityPolicy.LOOK.stub(DialActivities.class);
    private final DialActivities abandon = ActivityPolicy.RECORD.stub(DialActivities.class);

    DialStep(CallContext call) {
        this.call = call;
        this.state = call.state();
    }

    AttemptOutcome run(AttemptLog attempt, boolean afterCutOff) {
        if (!attempt.known()) {
            DialResult dialed = dialed(attempt, afterCutOff);
            switch (dialed.kind()) {
                case ACCEPTED -> accepted(attempt, dialed);
                case REFUSED -> {
                    return new AttemptOutcome.Refused(text(dialed.code()), text(dialed.detail()));
                }
                case FAILED -> {
                    return new AttemptOutcome.NotReached(text(dialed.code()));
                }
                case NUMBER_BUSY -> {
                    return state.cancelAsked()
                            ? new AttemptOutcome.Canceled()
                            : new AttemptOutcome.NotReached("number_busy");
                }
                case UNKNOWN -> findOut(attempt);
                case ABANDONED -> {
                    return new AttemptOutcome.NotReached("unknown");
                }
            }
            if (!attempt.known()) {
                return new AttemptOutcome.NotReached("unknown");
            }
        }
        return answer(attempt);
    }

    private DialResult dialed(AttemptLog attempt, boolean afterCutOff) {
        prepare.prepareBrief(call.callId(), attempt.attempt(), afterCutOff);
        Instant giveUp = Waits.now().plus(state.policy().giveUpAfter());
        while (true) {
            DialResult result = ask(attempt, afterCutOff);
            if (result.kind() != DialResult.Kind.NUMBER_BUSY
                    || state.cancelAsked()
                    || !Waits.now().isBefore(giveUp)) {
                return result;
            }
            call.describe("Attempt " + attempt.attempt() + ": another call to this number is under way");
            Waits.until(Limits.NUMBER_BUSY_EVERY, "another call to this number", state::cancelAsked);
        }
    }

    private DialResult ask(AttemptLog attempt, boolean afterCutOff) {
        call.describe("Attempt " + attempt.attempt() + ": dialling");
        // The activity moves the row; a callback may tell of ringing before it returns.
        state.moved(CallStatus.DIALING, null);
        try {
            return dial.dial(call.callId(), attempt.attempt(), afterCutOff);
        } catch (ActivityFailure e) {
            // Its deadline passed: an intent may be there, and a phone may be ringing.
            return DialResult.of(DialResult.Kind.UNKNOWN, "deadline", "");
        }
    }

    /** UNKNOWN: a callback may tell, or the telephony's list. Whatever does not turn up in time is abandoned. */
    private void findOut(AttemptLog attempt) {
        call.describe("Attempt " + attempt.attempt() + ": the telephony did not answer; finding out whether it rings");
        Instant deadline = Waits.now().plus(Limits.UNKNOWN_RESOLUTION);
        while (Waits.now().isBefore(deadline) && !state.cancelAsked()) {
            if (Waits.until(Limits.UNKNOWN_LIST_EVERY, "unknown dial", () -> attempt.known() || state.cancelAsked())) {
                break;
            }
            take(attempt, resolveOnce(attempt));
        }
        if (!attempt.known()) {
            take(attempt, abandon.abandonDial(call.callId(), attempt.attempt()));
        }
    }

    private DialResult resolveOnce(AttemptLog attempt) {
        try {
            return resolve.resolveDial(call.callId(), attempt.attempt());
        } catch (ActivityFailure e) {
            return DialResult.of(DialResult.Kind.UNKNOWN, "list_failed", "");
        }
    }

    private AttemptOutcome answer(AttemptLog attempt) {
        call.describe("Attempt " + attempt.attempt() + ": ringing");
        for (int looks = 0; looks < LOOKS_BEFORE_GIVING_UP; looks++) {
            Waits.until(
                    Limits.DIAL_SILENCE, "ringing", () -> attempt.answered() || attempt.over() || state.cancelAsked());
            if (!attempt.answered() && !attempt.over() && state.cancelAsked()) {
                return canceled(attempt);
            }
            if (!attempt.answered() && !attempt.over()) {
                call.look(attempt);
            }
            if (attempt.answered()) {
                return new AttemptOutcome.Answered();
            }
            if (attempt.over()) {
                return new AttemptOutcome.NotReached(reason(attempt));
            }
        }
        call.endCall(attempt);
        return attempt.answered() ? new AttemptOutcome.Answered() : new AttemptOutcome.NotReached("no_answer");
    }

    private AttemptOutcome canceled(AttemptLog attempt) {
        call.describe("Attempt " + attempt.attempt() + ": being cancelled");
        call.endCall(attempt);
        Waits.until(Duration.ofSeconds(5), "the telephony's last word", attempt::over);
        if (!attempt.over()) {
            call.look(attempt);
        }
        // Answered in the very moment: then it is a call that ended, and is settled like one.
        return attempt.answered() ? new AttemptOutcome.Answered() : new AttemptOutcome.Canceled();
    }

    private static void take(AttemptLog attempt, DialResult found) {
        if (found.kind() == DialResult.Kind.ACCEPTED) {
            accepted(attempt, found);
        }
    }

    private static void accepted(AttemptLog attempt, DialResult dialed) {
        attempt.accepted(text(dialed.callSid()));
    }

    private static String reason(AttemptLog attempt) {
        TelephonyState last = attempt.telephony();
        return last == null ? "unknown" : last.name().toLowerCase(Locale.ROOT);
    }

    private static String text(String value) {
        return value == null ? "" : value;
    }
}
