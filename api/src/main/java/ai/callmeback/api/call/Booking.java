package ai.callmeback.api.call;

import ai.callmeback.api.problem.FieldProblem;
import ai.callmeback.api.problem.ProblemCode;
import ai.callmeback.api.problem.ProblemException;
import ai.callmeback.db.call.AcceptOutcome;
import ai.callmeback.db.call.CallStore;
import ai.callmeback.db.call.NewCall;
import ai.callmeback.db.identity.UserAccount;
import ai.callmeback.db.ledger.Balance;
import ai.callmeback.db.ledger.Ledger;
import ai.callmeback.db.persona.Personas;
import ai.callmeback.db.purchase.FirstCalls;
import ai.callmeback.db.recording.Recordings;
import ai.callmeback.db.subscription.PlanCalls;
import ai.callmeback.db.subscription.PlanStanding;
import ai.callmeback.domain.CallId;
import ai.callmeback.vendors.trace.CallSpan;
import ai.callmeback.vendors.trace.CallTraces;
import java.math.RoundingMode;
import java.time.Clock;
import java.time.Instant;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;
import org.springframework.transaction.reactive.TransactionalOperator;
import reactor.core.publisher.Mono;

/**
 * Promises calls. Nothing here speaks to Temporal: the promise is the row and its outbox, written in one transaction,
 * and the relay tells the call engine when it can.
 *
 * <p>A repeat under the same idempotency key answers the first call, whatever the clock and the credit say by now.
 */
@Component
class Booking {
    private final BookingRules rules;
    private final CallStore calls;
    private final Personas personas;
    private final Ledger ledger;
    private final FirstCalls firstCalls;
    private final PlanCalls plans;
    private final Recordings recordings;
    private final TransactionalOperator transactions;
    private final CallTraces traces;
    private final Clock clock;

    Booking(
            BookingRules rules,
            CallStore calls,
            Personas personas,
            Ledger ledger,
            FirstCalls firstCalls,
            PlanCalls plans,
            Recordings recordings,
            TransactionalOperator transactions,
            CallTraces traces,
            Clock clock) {
        this.recordings = recordings;
        this.transactions = transactions;
        this.traces = traces;
        this.clock = clock;
        this.rules = rules;
        this.calls = calls;
        this.personas = personas;
        this.ledger = ledger;
        this.firstCalls = firstCalls;
        this.plans = plans;
    }

    /** The promised call; the one promised earlier for a repeat. */
    Mono<CallId> book(NewCallRequest request, @Nullable String idempotencyKey, UserAccount user) {
        NewCall call = rules.check(request, idempotencyKey, user);
        Mono<AcceptOutcome> fresh = Mono.defer(() -> promise(call, request.recorded()));
        Mono<AcceptOutcome> outcome =
                call.idempotencyKey() == null ? fresh : calls.earlier(call).switchIfEmpty(fresh);
        Instant asked = clock.instant();
        return outcome.doOnNext(answer -> trace(answer, asked)).map(Booking::callOf);
    }

    /** Where the trace of a call begins; a repeat tells nothing. */
    private void trace(AcceptOutcome outcome, Instant asked) {
        if (outcome instanceof AcceptOutcome.Accepted accepted) {
            traces.add(CallSpan.of(
                    accepted.callId(),
                    CallSpan.REQUEST,
                    null,
                    CallSpan.Kind.SERVER,
                    "POST /api/calls",
                    asked,
                    clock.instant()));
        }
    }

    private Mono<AcceptOutcome> promise(NewCall call, @Nullable Boolean recorded) {
        rules.checkTime(call.when());
        return personas.findActive(call.personaId())
                .switchIfEmpty(Mono.error(BookingRules::unknownPersona))
                .then(Mono.defer(() -> firstCalls.giveIfFirst(
                        call.userId(), call.phone(), call.planned().credits(), call.createdAt())))
                .then(Mono.defer(() -> ledger.balance(call.userId())))
                .doOnNext(balance -> checkCredit(call, balance))
                .flatMap(balance -> plans.standing(call.userId(), call.createdAt())
                        .doOnNext(plan -> checkPlan(call, balance, plan)))
                .then(Mono.defer(() -> accept(call, recorded)));
    }

    /** With what was said about recording this one call, if anything was. */
    private Mono<AcceptOutcome> accept(NewCall call, @Nullable Boolean recorded) {
        if (recorded == null) {
            return calls.accept(call);
        }
        return calls.accept(call)
                .flatMap(outcome -> outcome instanceof AcceptOutcome.Accepted
                        ? recordings
                                .decide(call.id(), recorded ? call.createdAt() : null)
                                .thenReturn(outcome)
                        : Mono.just(outcome))
                .as(transactions::transactional);
    }

    /** Only shown here; the credit is held when the call is due. */
    private static void checkCredit(NewCall call, Balance balance) {
        if (balance.available().compareTo(call.planned().credits()) < 0) {
            throw ProblemException.ofField(new FieldProblem(
                    "durationMinutes",
                    ProblemCode.INSUFFICIENT_CREDIT,
                    "This call needs " + call.planned().seconds() + " s of credit and "
                            + balance.available().seconds()
                            + " s are available. Choose a shorter call or get more credit.",
                    balance.available().seconds()));
        }
    }

    /** A call in a period whose calls are used up needs other credits. */
    private static void checkPlan(NewCall call, Balance balance, PlanStanding plan) {
        long beside = balance.available().seconds() - plan.available().seconds();
        if (plan.callsUsedUp()
                && call.when().at().isBefore(plan.endsAt())
                && beside < call.planned().credits().seconds()) {
            throw ProblemException.ofField(new FieldProblem(
                    "durationMinutes",
                    plan.fairUse() ? ProblemCode.FAIR_USE_EXCEEDED : ProblemCode.PLAN_CALLS_USED_UP,
                    "Your plan's " + plan.callsLimit() + " calls until " + plan.endsAt()
                            + " are used up. Buy a single call (product call_5"
                            + (plan.furtherCall() == null
                                    ? ""
                                    : " at $" + plan.furtherCall().toUsd().setScale(2, RoundingMode.HALF_EVEN))
                            + ") or a pack.",
                    plan.callsLimit()));
        }
    }

    private static CallId callOf(AcceptOutcome outcome) {
        return switch (outcome) {
            case AcceptOutcome.Accepted accepted -> accepted.callId();
            case AcceptOutcome.Repeated repeated -> repeated.callId();
            case AcceptOutcome.Conflict conflict ->
                throw ProblemException.ofField(FieldProblem.of(
                        "Idempotency-Key",
                        ProblemCode.IDEMPOTENCY_CONFLICT,
                        "This Idempotency-Key was used for another request; use a new key for a new call."));
        };
    }
}
