package ai.callmeback.db.inbound;

import ai.callmeback.db.brief.BriefDesk;
import ai.callmeback.db.budget.Budgets;
import ai.callmeback.db.call.CallStore;
import ai.callmeback.db.call.RungCalls;
import ai.callmeback.db.call.RungCalls.RungCall;
import ai.callmeback.db.call.Switches;
import ai.callmeback.db.identity.UserAccount;
import ai.callmeback.db.identity.Users;
import ai.callmeback.db.inbound.InboundRing.Caller;
import ai.callmeback.db.ledger.Conflict;
import ai.callmeback.db.ledger.DialIntentOutcome;
import ai.callmeback.db.ledger.HoldOutcome;
import ai.callmeback.db.ledger.HoldRequest;
import ai.callmeback.db.ledger.Insufficient;
import ai.callmeback.db.ledger.Ledger;
import ai.callmeback.db.purchase.FirstCalls;
import ai.callmeback.db.subscription.PlanCalls;
import ai.callmeback.domain.CallId;
import ai.callmeback.domain.Credits;
import ai.callmeback.domain.PersonaId;
import ai.callmeback.domain.call.PlannedDuration;
import ai.callmeback.domain.inbound.InboundLimits;
import ai.callmeback.domain.inbound.InboundRefusal;
import ai.callmeback.domain.policy.Limits;
import java.util.Arrays;
import java.util.Comparator;
import java.util.Objects;
import java.util.UUID;
import org.springframework.r2dbc.core.DatabaseClient;
import org.springframework.transaction.reactive.TransactionalOperator;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * Answers who rings, once per call of the telephony: the checks, the hold, the call's rows and its brief are one
 * transaction, so that a call that is let in can be connected at once, without Temporal. A repeat, also a concurrent one,
 * gets the first answer.
 */
public final class InboundCalls {
    private static final String DECIDING = "deciding";
    private static final String ACCEPTED = "accepted";

    private final DatabaseClient db;
    private final TransactionalOperator transactions;
    private final Ledger ledger;
    private final Users users;
    private final Switches switches;
    private final Budgets budgets;
    private final FirstCalls firstCalls;
    private final PlanCalls plans;
    private final CallStore calls;
    private final RungCalls rung;
    private final BriefDesk briefs;
    private final Guests guests;

    public InboundCalls(DatabaseClient db, TransactionalOperator transactions, Ledger ledger) {
        this.db = db;
        this.transactions = transactions;
        this.ledger = ledger;
        this.users = new Users(db);
        this.switches = new Switches(db);
        this.budgets = new Budgets(db);
        this.firstCalls = new FirstCalls(db);
        this.plans = new PlanCalls(db);
        this.calls = new CallStore(db, transactions);
        this.rung = new RungCalls(db);
        this.briefs = new BriefDesk(db);
        this.guests = new Guests(db, users, ledger);
    }

    /** @param freeCallsPerDay how many unknown callers the platform treats to a call each day (UTC) */
    public Mono<InboundOutcome> answer(InboundRing ring, int freeCallsPerDay) {
        return begun(ring)
                .flatMap(first -> first ? decided(ring, freeCallsPerDay) : earlier(ring.callSid()))
                .as(transactions::transactional);
    }

    /** The call that a call of the telephony has become; empty when it was turned away, or is not known. */
    public Mono<CallId> find(String callSid) {
        return db.sql("select call_id from inbound_calls where call_sid = :sid and call_id is not null")
                .bind("sid", callSid)
                .mapValue(UUID.class)
                .one()
                .map(CallId::new);
    }

    /** A second webhook for the same call waits here for the first one's transaction. */
    private Mono<Boolean> begun(InboundRing ring) {
        var spec = db.sql("""
                        insert into inbound_calls (call_sid, persona_id, caller_hash, outcome, rang_at)
                        values (:sid, :persona, :hash, :outcome, :at) on conflict do nothing""")
                .bind("sid", ring.callSid())
                .bind("outcome", DECIDING)
                .bind("at", ring.at());
        PersonaId persona = ring.persona();
        spec = persona == null ? spec.bindNull("persona", String.class) : spec.bind("persona", persona.value());
        Caller caller = ring.caller();
        spec = caller == null ? spec.bindNull("hash", byte[].class) : spec.bind("hash", caller.hash());
        return spec.fetch().rowsUpdated().map(rows -> rows == 1);
    }

    private Mono<InboundOutcome> earlier(String callSid) {
        return db.sql("select outcome, call_id from inbound_calls where call_sid = :sid")
                .bind("sid", callSid)
                .map(row -> {
                    UUID call = row.get("call_id", UUID.class);
                    return call == null
                            ? new InboundOutcome.Refused(
                                    InboundRefusal.ofCode(String.valueOf(row.get("outcome", String.class)))
                                            .orElse(InboundRefusal.ANSWERING_STOPPED))
                            : (InboundOutcome) new InboundOutcome.Accepted(new CallId(call));
                })
                .one();
    }

    private Mono<InboundOutcome> decided(InboundRing ring, int freeCallsPerDay) {
        return atTheDoor(ring)
                .<Decision>map(Decision::refused)
                .switchIfEmpty(Mono.defer(() -> knownOrNot(ring, freeCallsPerDay)))
                .flatMap(decision -> kept(ring.callSid(), decision).thenReturn(decision.outcome()));
    }

    /** @param free an unknown caller's free call */
    private record Decision(InboundOutcome outcome, boolean free) {
        static Decision refused(InboundRefusal why) {
            return new Decision(new InboundOutcome.Refused(why), false);
        }
    }

    /** What turns anybody away. */
    private Mono<InboundRefusal> atTheDoor(InboundRing ring) {
        Caller caller = ring.caller();
        if (ring.persona() == null) {
            return Mono.just(InboundRefusal.NUMBER_NOT_ASSIGNED);
        }
        Mono<InboundRefusal> stopped =
                switches.answeringEnabled().filter(on -> !on).map(off -> InboundRefusal.ANSWERING_STOPPED);
        return caller == null
                ? stopped.defaultIfEmpty(InboundRefusal.NUMBER_WITHHELD)
                : stopped.switchIfEmpty(blocked(caller));
    }

    private Mono<InboundRefusal> blocked(Caller caller) {
        return db.sql("select 1 from blocked_callers where caller_hash = :hash")
                .bind("hash", caller.hash())
                .fetch()
                .first()
                .map(row -> InboundRefusal.CALLER_BLOCKED);
    }

    private Mono<Decision> knownOrNot(InboundRing ring, int freeCallsPerDay) {
        Caller caller = caller(ring);
        return users.findByPhone(caller.number())
                .flatMap(user -> user(ring, user))
                .switchIfEmpty(Mono.defer(() -> stranger(ring, caller, freeCallsPerDay)));
    }

    // ------------------------------------------------------------------ a user

    private Mono<Decision> user(InboundRing ring, UserAccount user) {
        if (!user.isActive()) {
            return Mono.just(Decision.refused(InboundRefusal.USER_NOT_ACTIVE));
        }
        return lock(user)
                .then(calls.concurrent(user.id(), ring.callId()))
                .filter(others -> others >= user.maxConcurrentCalls())
                .map(others -> InboundRefusal.TOO_MANY_CALLS)
                .switchIfEmpty(budgets.watch(user.id(), ring.at()).map(period -> InboundRefusal.BUDGET_USED_UP))
                .map(Decision::refused)
                .switchIfEmpty(Mono.defer(() -> paid(ring, user)));
    }

    /** As at admission: first whether the call comes under a plan, which decides what credits its hold may use. */
    private Mono<Decision> paid(InboundRing ring, UserAccount user) {
        return plans.take(ring.callId(), user.id(), ring.at())
                .flatMap(plan -> affordable(ring, user)
                        .concatMap(planned -> open(ring, user, planned, false))
                        .next()
                        .defaultIfEmpty(Decision.refused(tooFew(plan))));
    }

    private static InboundRefusal tooFew(PlanCalls.Taken plan) {
        return switch (plan) {
            case PlanCalls.Taken.Free free -> InboundRefusal.INSUFFICIENT_CREDIT;
            case PlanCalls.Taken.Beyond beyond ->
                beyond.fairUse() ? InboundRefusal.FAIR_USE_EXCEEDED : InboundRefusal.PLAN_CALLS_USED_UP;
        };
    }

    /** As at admission: of two calls at the same moment one sees the other. */
    private Mono<Void> lock(UserAccount user) {
        return db.sql("select 1 from users where id = :id for no key update")
                .bind("id", user.id().value())
                .fetch()
                .first()
                .then();
    }

    /** Lengths the credit may reach, the longest first; a person's first call is free here as well. */
    private Flux<PlannedDuration> affordable(InboundRing ring, UserAccount user) {
        return firstCalls
                .offered(user.id())
                .filter(offered -> offered.compareTo(PlannedDuration.MINUTES_3.credits()) >= 0)
                .flatMap(offered ->
                        firstCalls.giveIfFirst(user.id(), caller(ring).number(), offered, ring.at()))
                .then(ledger.balance(user.id()))
                .flatMapIterable(balance -> Arrays.stream(PlannedDuration.values())
                        .filter(length -> length.credits().compareTo(balance.available()) <= 0)
                        .sorted(Comparator.comparingInt(PlannedDuration::minutes)
                                .reversed())
                        .toList());
    }

    // ------------------------------------------------------------------ a stranger

    private Mono<Decision> stranger(InboundRing ring, Caller caller, int freeCallsPerDay) {
        return guests.freeCallsToday(ring.at())
                .filter(taken -> taken >= freeCallsPerDay)
                .map(taken -> Decision.refused(InboundRefusal.DAILY_CAP_REACHED))
                .switchIfEmpty(Mono.defer(() -> guests.admit(caller, ring)
                        .flatMap(guest -> open(ring, guest, InboundLimits.FREE_CALL, true))
                        .defaultIfEmpty(Decision.refused(InboundRefusal.FREE_CALL_USED))));
    }

    // ------------------------------------------------------------------ the call

    /** Empty when the credit does not reach. */
    private Mono<Decision> open(InboundRing ring, UserAccount user, PlannedDuration planned, boolean free) {
        return ledger.hold(new HoldRequest(
                        ring.callId().value(),
                        user.id(),
                        new Credits(planned.seconds()),
                        "call:" + ring.callId(),
                        ring.at().plus(Limits.LONGEST_CALL.multipliedBy(2))))
                .flatMap(held -> switch (held) {
                    case HoldOutcome.Posted posted -> rows(ring, user, planned, free);
                    case HoldOutcome.AlreadyPosted posted -> rows(ring, user, planned, free);
                    case Insufficient few -> Mono.<Decision>empty();
                    case Conflict conflict ->
                        Mono.<Decision>error(new IllegalStateException("another hold exists under this call's id"));
                });
    }

    private Mono<Decision> rows(InboundRing ring, UserAccount user, PlannedDuration planned, boolean free) {
        var call = new RungCall(
                ring.callId(),
                user.id(),
                persona(ring),
                ring.called(),
                planned,
                InboundLimits.POLICY,
                ring.callSid(),
                ring.at());
        return rung.open(call)
                .then(ledger.markDialIntended(ring.callId().value()))
                .map(InboundCalls::marked)
                .then(Mono.defer(() -> brief(ring)))
                .thenReturn(new Decision(new InboundOutcome.Accepted(ring.callId()), free));
    }

    /** Until it is marked a sweep might give the hold back in mid-call. */
    private static boolean marked(DialIntentOutcome outcome) {
        if (outcome instanceof DialIntentOutcome.Marked) {
            return true;
        }
        throw new IllegalStateException("the hold just taken is gone: " + outcome);
    }

    private Mono<Void> brief(InboundRing ring) {
        return calls.find(ring.callId()).flatMap(call -> briefs.prepare(call, RungCalls.ATTEMPT, false, ring.at()));
    }

    private Mono<Void> kept(String callSid, Decision decision) {
        var spec = db.sql("""
                        update inbound_calls set outcome = :outcome, call_id = :call, free = :free where call_sid = :sid""").bind("sid", callSid).bind("free", decision.free());
        return (switch (decision.outcome()) {
                    case InboundOutcome.Accepted accepted ->
                        spec.bind("outcome", ACCEPTED)
                                .bind("call", accepted.callId().value());
                    case InboundOutcome.Refused refused ->
                        spec.bind("outcome", refused.why().code()).bindNull("call", UUID.class);
                })
                .fetch()
                .rowsUpdated()
                .then();
    }

    private static Caller caller(InboundRing ring) {
        return Objects.requireNonNull(ring.caller(), "a withheld number is turned away before");
    }

    private static PersonaId persona(InboundRing ring) {
        return Objects.requireNonNull(ring.persona(), "a number of nobody is turned away before");
    }
}
