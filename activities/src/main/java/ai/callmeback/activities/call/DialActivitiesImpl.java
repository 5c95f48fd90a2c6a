package ai.callmeback.activities.call;

import ai.callmeback.db.brief.BriefDesk;
import ai.callmeback.db.call.BeginOutcome;
import ai.callmeback.db.call.CallRecord;
import ai.callmeback.db.call.CallStore;
import ai.callmeback.db.call.DialIntent;
import ai.callmeback.db.call.DialIntents;
import ai.callmeback.db.call.Switches;
import ai.callmeback.db.ledger.AlreadyResolved;
import ai.callmeback.db.ledger.DialIntentOutcome;
import ai.callmeback.db.ledger.Ledger;
import ai.callmeback.db.ledger.UnknownHold;
import ai.callmeback.domain.CallId;
import ai.callmeback.domain.call.CallStatus;
import ai.callmeback.domain.call.RefusalCode;
import ai.callmeback.vendors.telephony.CallDetails;
import ai.callmeback.vendors.telephony.DialOutcome;
import ai.callmeback.vendors.telephony.FetchOutcome;
import ai.callmeback.vendors.telephony.ListOutcome;
import ai.callmeback.vendors.telephony.Telephony;
import ai.callmeback.vendors.telephony.TwilioRefusals;
import ai.callmeback.vendors.telephony.UpdateOutcome;
import ai.callmeback.workflows.call.DialActivities;
import ai.callmeback.workflows.call.DialResult;
import ai.callmeback.workflows.call.DialResult.Kind;
import ai.callmeback.workflows.call.TelephonyStatus;
import io.temporal.failure.ApplicationFailure;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;
import org.springframework.transaction.reactive.TransactionalOperator;
import reactor.core.publisher.Mono;

/** Dialling, with the intent as the guard: whoever does not get {@code Begun} never asks the telephony to dial. */
@Component("dialActivities")
final class DialActivitiesImpl implements DialActivities {
    /** Longer than the vendor client's own deadline, which is what normally ends a request. */
    private static final Duration VENDOR = Duration.ofSeconds(18);

    /** After each "too many requests"; together well within the activity's deadline. */
    private static final List<Duration> BUSY_PAUSES = List.of(Duration.ofSeconds(1), Duration.ofSeconds(3));

    private static final String TOO_MANY = "telephony_busy";

    /** The telephony's list tells times to the second, and its clock is not ours. */
    private static final Duration LIST_SLACK = Duration.ofSeconds(30);

    private final CallStore calls;
    private final DialIntents intents;
    private final BriefDesk briefs;
    private final Switches switches;
    private final Ledger ledger;
    private final Telephony telephony;
    private final DialRequests requests;
    private final TransactionalOperator transactions;
    private final InstantSource clock;

    DialActivitiesImpl(
            CallStore calls,
            DialIntents intents,
            BriefDesk briefs,
            Switches switches,
            Ledger ledger,
            Telephony telephony,
            DialRequests requests,
            TransactionalOperator transactions,
            InstantSource clock) {
        this.calls = calls;
        this.intents = intents;
        this.briefs = briefs;
        this.switches = switches;
        this.ledger = ledger;
        this.telephony = telephony;
        this.requests = requests;
        this.transactions = transactions;
        this.clock = clock;
    }

    @Override
    public void prepareBrief(CallId callId, int attempt, boolean afterCutOff) {
        CallRecord call = Answers.of(calls.find(callId));
        Answers.done(briefs.prepare(call, attempt, afterCutOff, clock.instant()));
    }

    @Override
    public DialResult dial(CallId callId, int attempt, boolean afterCutOff) {
        CallRecord call = Answers.of(calls.find(callId));
        BeginOutcome begun = Answers.of(begin(call, attempt));
        return switch (begun) {
            case BeginOutcome.NumberBusy busy -> DialResult.of(Kind.NUMBER_BUSY, "number_busy", "");
            case BeginOutcome.AlreadyBegun already -> {
                open(call, attempt, afterCutOff);
                yield known(already.intent());
            }
            case BeginOutcome.Begun fresh -> {
                open(call, attempt, afterCutOff);
                yield ask(call, attempt);
            }
        };
    }

    /** The intent, and with it the hold's safety from every sweep, in one transaction. */
    private Mono<BeginOutcome> begin(CallRecord call, int attempt) {
        return intents.begin(call.id(), attempt, call.phone(), clock.instant())
                .flatMap(begun -> begun instanceof BeginOutcome.Begun
                        ? ledger.markDialIntended(call.id().value()).map(marked -> held(marked, begun))
                        : Mono.just(begun))
                .as(transactions::transactional);
    }

    private static BeginOutcome held(DialIntentOutcome marked, BeginOutcome begun) {
        return switch (marked) {
            case DialIntentOutcome.Marked yes -> begun;
            // Rolls the intent back: without a hold nobody is dialled.
            case AlreadyResolved resolved ->
                throw ApplicationFailure.newNonRetryableFailure("the hold is resolved already", "hold_resolved");
            case UnknownHold unknown ->
                throw ApplicationFailure.newNonRetryableFailure("the call has no hold", "no_hold");
        };
    }

    private void open(CallRecord call, int attempt, boolean afterCutOff) {
        Instant now = clock.instant();
        int redials = afterCutOff ? Math.max(1, call.cutOffRedials()) : call.cutOffRedials();
        Answers.done(calls.openAttempt(call.id(), attempt, redials, now));
        var move = new CallStore.Move(null, null, Map.of("attempt", attempt), "dialing-" + attempt);
        Answers.of(calls.move(call.id(), CallStatus.DIALING, move, now));
    }

    /** What an earlier run of this activity, or a callback, has left. */
    private DialResult known(DialIntent intent) {
        return switch (intent.state()) {
            case ACCEPTED, CLOSED ->
                intent.callSid() == null
                        ? DialResult.of(Kind.FAILED, "closed", "")
                        : DialResult.accepted(intent.callSid());
            case REFUSED ->
                DialResult.of(
                        TwilioRefusals.mayPass(intent.reason()) ? Kind.FAILED : Kind.REFUSED,
                        String.valueOf(intent.reason()),
                        "");
            case ABANDONED -> DialResult.of(Kind.ABANDONED, "abandoned", "");
            case BEGUN, UNKNOWN -> unknown(intent.callId(), intent.attempt(), "an earlier request may have arrived");
        };
    }

    private DialResult ask(CallRecord call, int attempt) {
        DialResult result = askOnce(call, attempt);
        for (Duration pause : BUSY_PAUSES) {
            if (result.kind() != Kind.FAILED || !TOO_MANY.equals(result.code())) {
                break;
            }
            // A clear no: nothing rings. A death during the pause leaves the intent, and the outcome UNKNOWN.
            Answers.done(Mono.delay(pause).then());
            result = askOnce(call, attempt);
        }
        if (result.kind() == Kind.FAILED) {
            Answers.of(intents.refused(call.id(), attempt, String.valueOf(result.code()), clock.instant()));
        }
        return result;
    }

    private DialResult askOnce(CallRecord call, int attempt) {
        if (!Answers.of(switches.dialingEnabled())) {
            Answers.of(intents.refused(call.id(), attempt, RefusalCode.DIALING_STOPPED.code(), clock.instant()));
            return DialResult.of(Kind.REFUSED, RefusalCode.DIALING_STOPPED.code(), "");
        }
        DialOutcome outcome = Answers.of(telephony.createCall(requests.place(call, attempt)), VENDOR);
        return switch (outcome) {
            case DialOutcome.Accepted accepted -> accepted(call.id(), attempt, accepted.callSid());
            case DialOutcome.Refused refused -> {
                if (!refused.retryable()) {
                    Answers.of(intents.refused(call.id(), attempt, refused.code(), clock.instant()));
                }
                yield DialResult.of(
                        refused.retryable() ? Kind.FAILED : Kind.REFUSED,
                        refused.code(),
                        "vendor code " + refused.vendorCode());
            }
            case DialOutcome.Unknown unknown -> unknown(call.id(), attempt, unknown.reason());
        };
    }

    private DialResult accepted(CallId callId, int attempt, String callSid) {
        DialIntent intent = Answers.of(intents.accepted(callId, attempt, callSid, clock.instant()));
        if (intent.state() == DialIntent.State.ABANDONED) {
            end(callSid);
            return DialResult.of(Kind.ABANDONED, "abandoned", "");
        }
        return DialResult.accepted(callSid);
    }

    private DialResult unknown(CallId callId, int attempt, String reason) {
        DialIntent intent = Answers.of(intents.unknown(callId, attempt, reason, clock.instant()));
        // A callback may have been faster than the answer.
        return intent.callSid() == null
                ? DialResult.of(Kind.UNKNOWN, "unknown", reason)
                : DialResult.accepted(intent.callSid());
    }

    @Override
    public DialResult resolveDial(CallId callId, int attempt) {
        DialIntent intent = Answers.of(intents.find(callId, attempt));
        if (intent.callSid() != null) {
            return DialResult.accepted(intent.callSid());
        }
        ListOutcome listed = Answers.of(
                telephony.list(intent.number().value(), intent.begunAt().minus(LIST_SLACK)), VENDOR);
        return switch (listed) {
            case ListOutcome.Unknown unknown -> DialResult.of(Kind.UNKNOWN, "list_failed", unknown.reason());
            case ListOutcome.Listed list -> {
                Optional<CallDetails> ours = list.calls().stream()
                        .filter(found -> !Answers.of(intents.knows(found.callSid())))
                        .findFirst();
                yield ours.isPresent()
                        ? accepted(callId, attempt, ours.get().callSid())
                        : DialResult.of(Kind.UNKNOWN, "not_listed", "");
            }
        };
    }

    @Override
    public DialResult abandonDial(CallId callId, int attempt) {
        DialIntent intent = Answers.of(intents.abandoned(callId, attempt, "not resolved in time", clock.instant()));
        return intent.callSid() == null
                ? DialResult.of(Kind.ABANDONED, "abandoned", "")
                : DialResult.accepted(intent.callSid());
    }

    @Override
    public @Nullable TelephonyStatus lookAtCall(CallId callId, int attempt) {
        DialIntent intent = Answers.of(intents.find(callId, attempt));
        if (intent.callSid() == null) {
            return null;
        }
        FetchOutcome fetched = Answers.of(telephony.fetch(intent.callSid()), VENDOR);
        return switch (fetched) {
            case FetchOutcome.Found found -> {
                DialIntents.Report report = Reports.of(found.call(), clock.instant());
                yield Reports.status(Answers.of(intents.reported(callId, attempt, report)));
            }
            case FetchOutcome.NotFound missing -> null;
            case FetchOutcome.Unknown unknown -> null;
        };
    }

    @Override
    public void endCall(CallId callId, int attempt) {
        DialIntent intent =
                Answers.of(intents.abandoned(callId, attempt, "ended before it was known", clock.instant()));
        if (intent.callSid() != null) {
            end(intent.callSid());
        }
    }

    @Override
    public void redirectCall(CallId callId, int attempt) {
        DialIntent intent = Answers.of(intents.find(callId, attempt));
        if (intent.callSid() != null) {
            require(Answers.of(telephony.redirect(intent.callSid(), requests.answerUrl(callId, attempt)), VENDOR));
        }
    }

    @Override
    public void limitCall(CallId callId, int attempt, int talkSeconds) {
        DialIntent intent = Answers.of(intents.find(callId, attempt));
        if (intent.callSid() == null) {
            throw ApplicationFailure.newFailure("the call's sid is not known yet", "no_sid");
        }
        // Never below what is granted by now: of two requests under way the later one must not shorten the talk.
        int granted = Answers.of(calls.find(callId)).totalSeconds();
        Duration limit = DialRequests.timeLimit(Math.max(talkSeconds, granted));
        require(Answers.of(telephony.limit(intent.callSid(), limit), VENDOR));
    }

    private void end(String callSid) {
        require(Answers.of(telephony.endCall(callSid), VENDOR));
    }

    /** Repeating any of these commands is safe, so an unknown outcome is an error that is retried. */
    private static void require(UpdateOutcome outcome) {
        switch (outcome) {
            case UpdateOutcome.Done done -> {
                // As wanted.
            }
            case UpdateOutcome.AlreadyEnded ended -> {
                // As wanted, or overtaken.
            }
            case UpdateOutcome.Refused refused ->
                throw ApplicationFailure.newNonRetryableFailure(
                        "the telephony refused with code " + refused.vendorCode(), "vendor_refused");
            case UpdateOutcome.Unknown unknown ->
                throw ApplicationFailure.newFailure("the telephony did not answer: " + unknown.reason(), "unknown");
        }
    }
}
