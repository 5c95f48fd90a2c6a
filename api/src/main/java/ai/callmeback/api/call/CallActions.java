package ai.callmeback.api.call;

import ai.callmeback.api.call.CallEngine.Answer;
import ai.callmeback.api.problem.FieldProblem;
import ai.callmeback.api.problem.ProblemCode;
import ai.callmeback.api.problem.ProblemException;
import ai.callmeback.db.call.CallRecord;
import ai.callmeback.db.call.CallStore;
import ai.callmeback.db.call.MediaOwners;
import ai.callmeback.db.call.NewCall;
import ai.callmeback.domain.call.CallStatus;
import ai.callmeback.domain.policy.Limits;
import ai.callmeback.workflows.call.Requests;
import java.time.Clock;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;
import reactor.core.publisher.Mono;

/**
 * Changes a call through its workflow. Where Temporal cannot be reached:
 *
 * <ul>
 *   <li><b>cancel</b> of a call that is not yet due is written to the row: the workflow finds it cancelled when it wakes;
 *   <li><b>hang up</b> is written where the voice worker looks every second, so the talk ends all the same; likewise
 *       while the workflow still waits for the answer of a dial that has long been picked up;
 *   <li><b>reschedule</b> and <b>extend</b> answer 503 with Retry-After: they need the workflow's timer and its hold.
 * </ul>
 */
@Component
class CallActions {
    private static final String BY_USER = "user";
    private static final int EXTENSION_ROOM = (int) Limits.EXTENSION_ROOM.toMinutes();

    private final CallEngine engine;
    private final CallStore calls;
    private final MediaOwners media;
    private final BookingRules rules;
    private final Clock clock;

    CallActions(CallEngine engine, CallStore calls, MediaOwners media, BookingRules rules, Clock clock) {
        this.engine = engine;
        this.calls = calls;
        this.media = media;
        this.rules = rules;
        this.clock = clock;
    }

    /** A call already cancelled stays so: asking again is not an error. */
    Mono<Void> cancel(CallRecord call) {
        if (call.status() == CallStatus.CANCELED) {
            return Mono.empty();
        }
        refuseIfTerminal(call);
        return engine.update(call.id(), "cancel", "cancel", new Requests.Cancel(BY_USER), CallEngine.DEADLINE)
                .flatMap(answer -> switch (answer) {
                    case Answer.Done done -> Mono.<Void>empty();
                    case Answer.Refused refused -> Mono.<Void>error(refused(refused));
                    case Answer.NoWorkflow none -> cancelInRow(call);
                    case Answer.Unavailable away -> cancelInRow(call);
                });
    }

    private Mono<Void> cancelInRow(CallRecord call) {
        if (call.status() != CallStatus.SCHEDULED) {
            return Mono.error(CallEngine.unavailable());
        }
        return calls.cancelScheduled(call.id(), CallStore.Move.because("canceled", "canceled_by_user"), clock.instant())
                .flatMap(now -> now == CallStatus.CANCELED ? Mono.empty() : Mono.error(CallEngine.unavailable()));
    }

    Mono<Void> reschedule(CallRecord call, @Nullable String localTime, @Nullable String timeZone) {
        refuseIfTerminal(call);
        if (call.status() != CallStatus.SCHEDULED) {
            return Mono.error(conflict("Only a call that is not yet due can be moved."));
        }
        NewCall.When when = rules.checkNewTime(localTime, timeZone);
        String id = "reschedule-" + when.at().toEpochMilli() + "-" + UUID.randomUUID();
        return engine.update(
                        call.id(),
                        "reschedule",
                        id,
                        new Requests.Reschedule(
                                when.at(), String.valueOf(when.localTime()), String.valueOf(when.timeZone())),
                        CallEngine.PATIENT_DEADLINE)
                .flatMap(answer -> settle(answer));
    }

    Mono<Void> hangUp(CallRecord call) {
        refuseIfTerminal(call);
        if (call.status() == CallStatus.ENDED || call.status() == CallStatus.SETTLED) {
            return Mono.empty();
        }
        if (call.status() != CallStatus.IN_PROGRESS) {
            return Mono.error(conflict("Nobody is talking yet; cancel the call instead."));
        }
        return engine.update(
                        call.id(),
                        "hangUp",
                        "hang-up-" + call.attempt(),
                        new Requests.HangUp(BY_USER),
                        CallEngine.DEADLINE)
                .flatMap(answer -> answer instanceof Answer.Unavailable || isBehind(answer)
                        ? media.requestHangUp(call.id(), BY_USER)
                        : settle(answer));
    }

    /** A repeat under the same key extends once. */
    Mono<Void> extend(CallRecord call, @Nullable Integer minutes, @Nullable String idempotencyKey) {
        if (minutes == null || minutes < 1 || minutes > EXTENSION_ROOM) {
            return Mono.error(extensionRefused(
                    minutes == null ? ProblemCode.FIELD_REQUIRED : ProblemCode.MINUTES_OUT_OF_RANGE,
                    "'minutes' must be 1 to " + EXTENSION_ROOM + "."));
        }
        refuseIfTerminal(call);
        if (call.status() != CallStatus.IN_PROGRESS) {
            return Mono.error(conflict("Only a talk in progress can be extended."));
        }
        String request = idempotencyKey == null ? UUID.randomUUID().toString() : idempotencyKey;
        return engine.update(
                        call.id(),
                        "extend",
                        "extend-" + request,
                        new Requests.Extend(minutes, request),
                        CallEngine.PATIENT_DEADLINE)
                .flatMap(answer -> isBehind(answer) ? Mono.error(CallEngine.unavailable()) : settle(answer));
    }

    /** The talk is on, by the row, and the workflow still waits for the answer of its dial. */
    private static boolean isBehind(Answer answer) {
        return answer instanceof Answer.Refused refused && refused.code().equals("not_in_progress");
    }

    private static Mono<Void> settle(Answer answer) {
        return switch (answer) {
            case Answer.Done done -> Mono.empty();
            case Answer.Refused refused -> Mono.error(refused(refused));
            case Answer.NoWorkflow none -> Mono.error(CallEngine.unavailable());
            case Answer.Unavailable away -> Mono.error(CallEngine.unavailable());
        };
    }

    private static void refuseIfTerminal(CallRecord call) {
        if (call.status().isTerminal()) {
            throw conflict("The call is over (" + CallViews.wire(call.status()) + ").");
        }
    }

    private static ProblemException conflict(String detail) {
        return ProblemException.of(ProblemCode.CALL_STATE_CONFLICT, detail);
    }

    private static ProblemException extensionRefused(ProblemCode rule, String detail) {
        return ProblemException.ofField(new FieldProblem("minutes", rule, detail, List.of(1, EXTENSION_ROOM)));
    }

    /** The workflow's codes in the words of this API. */
    private static ProblemException refused(Answer.Refused refused) {
        return switch (refused.code()) {
            case "past_time" ->
                ProblemException.ofField(
                        FieldProblem.of("scheduledFor", ProblemCode.PAST_TIME, "'scheduledFor' has already passed."));
            case "insufficient_credit" ->
                ProblemException.of(
                        ProblemCode.INSUFFICIENT_CREDIT,
                        "There is not enough credit to extend the call.",
                        "Get more credit, or ask for fewer minutes.");
            case "too_long" ->
                extensionRefused(
                        ProblemCode.MINUTES_OUT_OF_RANGE,
                        "A call can be extended by " + EXTENSION_ROOM + " minutes in all.");
            case "call_answered" -> conflict("The call has been answered; hang up instead.");
            default -> conflict(refused.message());
        };
    }
}
