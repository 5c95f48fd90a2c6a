package ai.callmeback.activities.call;

import ai.callmeback.db.budget.Budgets;
import ai.callmeback.db.call.CallRecord;
import ai.callmeback.db.call.CallStore;
import ai.callmeback.db.call.Switches;
import ai.callmeback.db.identity.UserAccount;
import ai.callmeback.db.identity.Users;
import ai.callmeback.db.ledger.Conflict;
import ai.callmeback.db.ledger.HoldOutcome;
import ai.callmeback.db.ledger.HoldRequest;
import ai.callmeback.db.ledger.Insufficient;
import ai.callmeback.db.ledger.Ledger;
import ai.callmeback.db.ledger.ReleaseRequest;
import ai.callmeback.db.subscription.PlanCalls;
import ai.callmeback.domain.CallId;
import ai.callmeback.domain.Credits;
import ai.callmeback.domain.E164;
import ai.callmeback.domain.call.CallStatus;
import ai.callmeback.domain.call.RefusalCode;
import ai.callmeback.domain.policy.Limits;
import ai.callmeback.workflows.call.AdmissionActivities;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import org.springframework.stereotype.Component;

/** The checks of a due call, cheap ones first; the hold comes last but one, the count of lines under a lock last. */
@Component("admissionActivities")
final class AdmissionActivitiesImpl implements AdmissionActivities {
    private static final Admission ADMITTED = new Admission(null, "");

    private final CallStore calls;
    private final Users users;
    private final Switches switches;
    private final Ledger ledger;
    private final PlanCalls plans;
    private final Budgets budgets;
    private final InstantSource clock;

    AdmissionActivitiesImpl(
            CallStore calls,
            Users users,
            Switches switches,
            Ledger ledger,
            PlanCalls plans,
            Budgets budgets,
            InstantSource clock) {
        this.calls = calls;
        this.users = users;
        this.switches = switches;
        this.ledger = ledger;
        this.plans = plans;
        this.budgets = budgets;
        this.clock = clock;
    }

    @Override
    public Admission admit(CallId callId) {
        CallRecord call = Answers.of(calls.find(callId));
        if (call.status() != CallStatus.DUE) {
            return call.status() == CallStatus.REFUSED
                    ? new Admission(String.valueOf(call.statusReason()), String.valueOf(call.statusDetail()))
                    : ADMITTED;
        }
        UserAccount user = Answers.of(users.find(call.userId()));
        Optional<Admission> refused = check(call, user);
        return refused.orElseGet(() -> hold(call, user));
    }

    private Optional<Admission> check(CallRecord call, UserAccount user) {
        if (!Answers.of(switches.dialingEnabled())) {
            return refuse(RefusalCode.DIALING_STOPPED, "");
        }
        if (!user.isActive()) {
            return refuse(RefusalCode.USER_NOT_ACTIVE, user.status().name());
        }
        Optional<E164> number = E164.parse(call.phone().value(), null);
        if (number.isEmpty()) {
            return refuse(RefusalCode.INVALID_NUMBER, "");
        }
        Optional<String> country = number.get().country();
        if (country.isEmpty() || !Limits.ALLOWED_COUNTRIES.contains(country.get())) {
            return refuse(RefusalCode.COUNTRY_NOT_ALLOWED, country.orElse("non-geographic"));
        }
        if (!number.get().isOrdinaryLine()) {
            return refuse(RefusalCode.NUMBER_TYPE_NOT_ALLOWED, "");
        }
        if (Answers.of(calls.concurrent(call.userId(), call.id())) >= user.maxConcurrentCalls()) {
            return refuse(RefusalCode.TOO_MANY_CALLS, "at most " + user.maxConcurrentCalls());
        }
        return Answers.find(budgets.watch(call.userId(), clock.instant()))
                .map(period -> new Admission(RefusalCode.BUDGET_USED_UP.code(), "of the " + period));
    }

    private Admission hold(CallRecord call, UserAccount user) {
        Instant now = clock.instant();
        Credits credits = new Credits(call.totalSeconds());
        PlanCalls.Taken plan = Answers.of(plans.take(call.id(), call.userId(), now));
        HoldOutcome held = Answers.of(ledger.hold(new HoldRequest(
                call.id().value(), call.userId(), credits, "call:" + call.id(), holdExpiry(call, now))));
        return switch (held) {
            case HoldOutcome.Posted posted -> takeLine(call, user, credits, now);
            case HoldOutcome.AlreadyPosted posted -> takeLine(call, user, credits, now);
            case Insufficient few -> new Admission(code(plan).code(), detail(few, plan));
            case Conflict conflict -> throw new IllegalStateException("another hold exists under this call's id");
        };
    }

    private static RefusalCode code(PlanCalls.Taken plan) {
        return switch (plan) {
            case PlanCalls.Taken.Free free -> RefusalCode.INSUFFICIENT_CREDIT;
            case PlanCalls.Taken.Beyond beyond ->
                beyond.fairUse() ? RefusalCode.FAIR_USE_EXCEEDED : RefusalCode.PLAN_CALLS_USED_UP;
        };
    }

    private static String detail(Insufficient few, PlanCalls.Taken plan) {
        String credits = "available " + few.available().seconds() + " s, needed "
                + few.requested().seconds() + " s";
        return plan instanceof PlanCalls.Taken.Beyond beyond
                ? credits + " beside the plan's " + beyond.callsLimit() + " calls"
                : credits;
    }

    private Admission takeLine(CallRecord call, UserAccount user, Credits credits, Instant now) {
        if (Answers.of(calls.admit(call.id(), call.userId(), user.maxConcurrentCalls(), credits.seconds(), now))) {
            return ADMITTED;
        }
        Answers.of(ledger.release(new ReleaseRequest(call.id().value(), RefusalCode.TOO_MANY_CALLS.code())));
        return new Admission(RefusalCode.TOO_MANY_CALLS.code(), "at most " + user.maxConcurrentCalls());
    }

    /** Past every attempt and the longest talk: only a call nobody looks after any more gets there. */
    private static Instant holdExpiry(CallRecord call, Instant now) {
        return now.plus(call.policy().giveUpAfter())
                .plus(Limits.LONGEST_CALL.multipliedBy(2))
                .plus(Limits.IMMEDIATE_MISSED_AFTER);
    }

    private static Optional<Admission> refuse(RefusalCode code, String detail) {
        return Optional.of(new Admission(code.code(), detail));
    }
}
