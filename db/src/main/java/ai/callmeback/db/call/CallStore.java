package ai.callmeback.db.call;

import static ai.callmeback.db.call.Rows.bind;

import ai.callmeback.domain.CallId;
import ai.callmeback.domain.UserId;
import ai.callmeback.domain.call.CallLifecycle;
import ai.callmeback.domain.call.CallStatus;
import ai.callmeback.domain.call.EndedBy;
import java.time.Instant;
import java.util.Arrays;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.r2dbc.core.DatabaseClient;
import org.springframework.stereotype.Component;
import org.springframework.transaction.reactive.TransactionalOperator;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** Call rows: promised here, moved here, found here. */
@Component
public final class CallStore {
    /** Names of the states in which a call is over. */
    static final String[] TERMINAL = Arrays.stream(CallStatus.values())
            .filter(CallStatus::isTerminal)
            .map(Enum::name)
            .toArray(String[]::new);

    private final DatabaseClient db;
    private final TransactionalOperator transactions;

    public CallStore(DatabaseClient db, TransactionalOperator transactions) {
        this.db = db;
        this.transactions = transactions;
    }

    /**
     * Promises a call: row, outbox row and first event in one statement. The same key with the same request answers
     * {@link AcceptOutcome.Repeated}; with another, {@link AcceptOutcome.Conflict}.
     */
    public Mono<AcceptOutcome> accept(NewCall call) {
        return insert(call)
                .<AcceptOutcome>map(AcceptOutcome.Accepted::new)
                .switchIfEmpty(Mono.defer(() -> earlier(call)));
    }

    private Mono<CallId> insert(NewCall call) {
        var spec = db.sql("""
                        with accepted as (
                          insert into calls (id, user_id, idempotency_key, request_hash, persona_id, pretext, phone_e164,
                              planned_seconds, immediate, scheduled_for, local_time, time_zone, callback_policy,
                              last_event_seq, created_at, updated_at)
                            values (:id, :user, :key, :hash, :persona, :pretext, :phone, :planned, :immediate, :at, :local,
                              :zone, :policy, 1, :now, :now)
                            on conflict on constraint calls_idempotency do nothing
                            returning id, created_at, immediate, scheduled_for),
                        told as (
                          insert into call_outbox (call_id, kind, created_at, next_attempt_at)
                            select id, :start, created_at, created_at from accepted
                            returning pg_notify('call_outbox', '')),
                        event as (
                          insert into call_events (call_id, seq, kind, data, at, dedupe_key)
                            select id, 1, 'status', jsonb_build_object('status', 'SCHEDULED', 'immediate', immediate,
                                'scheduledFor', scheduled_for), created_at, 'accepted' from accepted
                            returning pg_notify('call_events', call_id::text))
                        select id, (select count(*) from told), (select count(*) from event) from accepted""")
                .bind("id", call.id().value())
                .bind("start", CallOutbox.START)
                .bind("user", call.userId().value())
                .bind("hash", call.requestHash())
                .bind("persona", call.personaId().value())
                .bind("pretext", call.pretext())
                .bind("phone", call.phone().value())
                .bind("planned", call.planned().seconds())
                .bind("immediate", call.when().immediate())
                .bind("at", call.when().at())
                .bind("policy", Rows.toJson(call.policy()))
                .bind("now", call.createdAt());
        spec = bind(spec, "key", call.idempotencyKey(), String.class);
        spec = bind(spec, "local", call.when().localTime(), String.class);
        spec = bind(spec, "zone", call.when().timeZone(), String.class);
        return spec.map(row -> new CallId(Rows.required(row, "id", UUID.class))).one();
    }

    /**
     * What became of this request before, without accepting it: {@link AcceptOutcome.Repeated} or {@link
     * AcceptOutcome.Conflict}; empty when its key is new. A repeat is answered even when the time asked for has passed
     * or the credit is used by now.
     */
    public Mono<AcceptOutcome> earlier(NewCall call) {
        return bind(
                        db.sql("select id, request_hash from calls where user_id = :user and idempotency_key = :key")
                                .bind("user", call.userId().value()),
                        "key",
                        call.idempotencyKey(),
                        String.class)
                .<AcceptOutcome>map(row -> {
                    var id = new CallId(Rows.required(row, "id", UUID.class));
                    return Arrays.equals(Rows.required(row, "request_hash", byte[].class), call.requestHash())
                            ? new AcceptOutcome.Repeated(id)
                            : new AcceptOutcome.Conflict(id);
                })
                .one();
    }

    public Mono<CallRecord> find(CallId id) {
        return db.sql(CallRows.SELECT + " where id = :id")
                .bind("id", id.value())
                .map(CallRows::read)
                .one();
    }

    /** Only if it is this user's: another's call looks like none. */
    public Mono<CallRecord> findOwned(UserId user, CallId id) {
        return db.sql(CallRows.SELECT + " where id = :id and user_id = :user")
                .bind("id", id.value())
                .bind("user", user.value())
                .map(CallRows::read)
                .one();
    }

    /** A user's calls, newest first. {@code before} is the last call of the previous page, null for the first. */
    public Flux<CallRecord> list(UserId user, @Nullable CallId before, int limit) {
        var spec = db.sql(CallRows.SELECT + """
                         where user_id = :user and (:before::uuid is null or (created_at, id) <
                             (select b.created_at, b.id from calls b where b.id = :before and b.user_id = :user))
                        order by created_at desc, id desc limit :limit""").bind("user", user.value()).bind("limit", limit);
        return bind(spec, "before", before == null ? null : before.value(), UUID.class)
                .map(CallRows::read)
                .all();
    }

    /** Calls of a user that hold a line or are about to, without this one. */
    public Mono<Integer> concurrent(UserId user, CallId except) {
        return db.sql("""
                        select count(*)::integer as n from calls where user_id = :user and id <> :id
                          and status in ('ADMITTED', 'DIALING', 'RINGING', 'IN_PROGRESS', 'RETRY_WAIT')""")
                .bind("user", user.value())
                .bind("id", except.value())
                .map(row -> Rows.number(row, "n"))
                .one();
    }

    /**
     * Admits a due call if its user has fewer than {@code most} others under way. The user's row is the lock: of two calls
     * due at the same moment one sees the other. Answers false when there are too many; a repeat after success is true.
     * What the call holds decides its charge policy, from now on.
     */
    public Mono<Boolean> admit(CallId id, UserId user, int most, long holdSeconds, Instant at) {
        // Two statements: the second must see what the holder of the lock before us has committed.
        return db.sql("select 1 from users where id = :user for no key update")
                .bind("user", user.value())
                .fetch()
                .first()
                .then(db.sql("""
                                update calls set hold_seconds = :hold, updated_at = :at,
                                  charge_policy = coalesce(charge_policy, call_charge_policy(id))
                                where id = :id and (status <> 'DUE' or :most > (
                                  select count(*) from calls c where c.user_id = :user and c.id <> :id
                                    and c.status in ('ADMITTED', 'DIALING', 'RINGING', 'IN_PROGRESS', 'RETRY_WAIT')))""")
                        .bind("id", id.value())
                        .bind("user", user.value())
                        .bind("most", most)
                        .bind("hold", Math.toIntExact(holdSeconds))
                        .bind("at", at)
                        .fetch()
                        .rowsUpdated())
                .filter(n -> n == 1)
                .flatMap(n -> move(id, CallStatus.ADMITTED, Move.of("admitted"), at))
                .map(status -> true)
                .defaultIfEmpty(false)
                .as(transactions::transactional);
    }

    /**
     * Moves a call to {@code to} if {@link CallLifecycle} allows it from where it stands, and appends the event; for a
     * call completed what follows it is asked for in the same statement. Answers the status afterwards. A repeat changes
     * nothing, and asks for what is then found started.
     */
    public Mono<CallStatus> move(CallId id, CallStatus to, Move move, Instant at) {
        return move(id, CallLifecycle.predecessors(to), to, move, at);
    }

    /**
     * Cancels a call that is still waiting for its time, and no other: one that is due may hold credit, and may be
     * ringing, which only its workflow can undo. Answers the status afterwards; a repeat changes nothing.
     */
    public Mono<CallStatus> cancelScheduled(CallId id, Move move, Instant at) {
        return move(id, Set.of(CallStatus.SCHEDULED), CallStatus.CANCELED, move, at);
    }

    private Mono<CallStatus> move(CallId id, Set<CallStatus> predecessors, CallStatus to, Move move, Instant at) {
        var from = predecessors.stream().map(Enum::name).toArray(String[]::new);
        var spec = db.sql("""
                        with moved as (
                          select move_call(:id, :to, :from, :reason, :detail, :data, :dedupe, :at) as status),
                        after as (
                          insert into call_outbox (call_id, kind, created_at, next_attempt_at)
                          select :id, :after, :at, :at from moved where status = 'COMPLETED' and :to = 'COMPLETED'
                          on conflict do nothing)
                        select status from moved""")
                .bind("after", CallOutbox.AFTER)
                .bind("id", id.value())
                .bind("to", to.name())
                .bind("from", from)
                .bind("data", Rows.toJson(move.data()))
                .bind("dedupe", move.dedupeKey())
                .bind("at", at);
        spec = bind(spec, "reason", move.reason(), String.class);
        return bind(spec, "detail", move.detail(), String.class)
                .map(row -> CallStatus.valueOf(Rows.text(row, "status")))
                .one();
    }

    /**
     * Why a call is moved, and what its event tells.
     *
     * @param dedupeKey names this step of this call, such as {@code ringing-2}
     */
    public record Move(@Nullable String reason, @Nullable String detail, Map<String, Object> data, String dedupeKey) {
        public static Move of(String dedupeKey) {
            return new Move(null, null, Map.of(), dedupeKey);
        }

        public static Move because(String dedupeKey, String reason) {
            return new Move(reason, null, Map.of(), dedupeKey);
        }
    }

    /** Moves the promise to another time. Empty when it is no longer {@code SCHEDULED}. A repeat writes the same. */
    public Mono<CallRecord> reschedule(CallId id, NewCall.When when, Instant at) {
        var spec = db.sql("""
                        update calls set scheduled_for = :when, local_time = :local, time_zone = :zone, immediate = false,
                          updated_at = :at where id = :id and status = 'SCHEDULED'""").bind("id", id.value()).bind("when", when.at()).bind("at", at);
        spec = bind(spec, "local", when.localTime(), String.class);
        return bind(spec, "zone", when.timeZone(), String.class)
                .fetch()
                .rowsUpdated()
                .filter(n -> n == 1)
                .flatMap(n -> find(id));
    }

    /** Sets the total of extensions; never lowers it, so that a repeat or a late one changes nothing. */
    public Mono<Void> extendTo(CallId id, int extendedSeconds, Instant at) {
        return db.sql("""
                        update calls set extended_seconds = greatest(extended_seconds, :s), updated_at = :at
                        where id = :id""")
                .bind("id", id.value())
                .bind("s", extendedSeconds)
                .bind("at", at)
                .fetch()
                .rowsUpdated()
                .then();
    }

    /** Opens attempt {@code attempt}; a lower one than already open is ignored. */
    public Mono<Void> openAttempt(CallId id, int attempt, int cutOffRedials, Instant at) {
        return db.sql("""
                        update calls set attempt = greatest(attempt, :attempt),
                          cut_off_redials = greatest(cut_off_redials, :redials), updated_at = :at where id = :id""")
                .bind("id", id.value())
                .bind("attempt", attempt)
                .bind("redials", cutOffRedials)
                .bind("at", at)
                .fetch()
                .rowsUpdated()
                .then();
    }

    /** How the talk ended; the first word stands. */
    public Mono<Void> ended(CallId id, End end, Instant at) {
        return db.sql("""
                        update calls set ended_by = :by, end_reason = :reason, lost_media_ms = :lost,
                          vendor_fault = :fault, ended_at = coalesce(ended_at, :at), updated_at = :at
                        where id = :id and ended_by is null""")
                .bind("id", id.value())
                .bind("by", end.by().name())
                .bind("reason", end.reason())
                .bind("lost", end.lostMediaMs())
                .bind("fault", end.vendorFault())
                .bind("at", at)
                .fetch()
                .rowsUpdated()
                .then();
    }

    /** @param lostMediaMs lost within legs; gaps between them are counted by {@link MediaOwners#gapsMs} */
    public record End(EndedBy by, String reason, long lostMediaMs, boolean vendorFault) {}

    /** How the talk was; empty before it has ended. */
    public Mono<End> end(CallId id) {
        return db.sql("""
                        select ended_by, end_reason, lost_media_ms, vendor_fault from calls
                        where id = :id and ended_by is not null""")
                .bind("id", id.value())
                .map(row -> new End(
                        EndedBy.valueOf(Rows.text(row, "ended_by")),
                        Rows.text(row, "end_reason"),
                        Rows.required(row, "lost_media_ms", Long.class),
                        Rows.required(row, "vendor_fault", Boolean.class)))
                .one();
    }

    /** The settlement; the first stands. Answers whether this one did. */
    public Mono<Boolean> settled(CallId id, Settled settled, Instant at) {
        return db.sql("""
                        update calls set charge_decision = :decision, charge_reason = :reason, billed_seconds = :billed,
                          charged_seconds = :charged, settled_at = :at, updated_at = :at
                        where id = :id and settled_at is null""")
                .bind("id", id.value())
                .bind("decision", settled.charged() ? "CHARGED" : "NOT_CHARGED")
                .bind("reason", settled.reason())
                .bind("billed", settled.billedSeconds())
                .bind("charged", settled.chargedSeconds())
                .bind("at", at)
                .fetch()
                .rowsUpdated()
                .map(n -> n == 1);
    }

    /** The outcome of the settlement as kept with the call. */
    public record Settled(boolean charged, String reason, int billedSeconds, int chargedSeconds) {}

    /** The sum of the cost lines; a later one (a correction) replaces it. */
    public Mono<Void> costs(CallId id, long costUsdMicros, Instant at) {
        return db.sql("""
                        update calls set cost_usd_micros = :cost, costs_recorded_at = coalesce(costs_recorded_at, :at),
                          updated_at = :at where id = :id""")
                .bind("id", id.value())
                .bind("cost", costUsdMicros)
                .bind("at", at)
                .fetch()
                .rowsUpdated()
                .then();
    }

    /** Open calls in id order after {@code after}: what the sweeper walks through. */
    public Flux<CallRecord> open(@Nullable CallId after, int limit) {
        var spec = db.sql(CallRows.SELECT + """
                         where status <> all (:terminal) and (:after::uuid is null or id > :after)
                        order by id limit :limit""").bind("terminal", TERMINAL).bind("limit", limit);
        return bind(spec, "after", after == null ? null : after.value(), UUID.class)
                .map(CallRows::read)
                .all();
    }
}
