package ai.callmeback.db.call;

import static ai.callmeback.db.call.Rows.bind;

import ai.callmeback.domain.CallId;
import ai.callmeback.domain.E164;
import ai.callmeback.domain.call.TelephonyState;
import io.r2dbc.spi.Readable;
import java.time.Instant;
import java.util.Arrays;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.r2dbc.core.DatabaseClient;
import org.springframework.stereotype.Component;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** One row per attempt to dial, written before the telephony is asked: the guard of "at most one dial per attempt". */
@Component
public final class DialIntents {
    private static final String SELECT = "select * from dial_intents";

    private final DatabaseClient db;

    public DialIntents(DatabaseClient db) {
        this.db = db;
    }

    /** Only the first caller for (call, attempt) is told {@link BeginOutcome.Begun}. */
    public Mono<BeginOutcome> begin(CallId id, int attempt, E164 number, Instant at) {
        return db.sql("""
                        insert into dial_intents (call_id, attempt, number, begun_at, updated_at)
                        values (:id, :attempt, :number, :at, :at)
                        on conflict do nothing""")
                .bind("id", id.value())
                .bind("attempt", attempt)
                .bind("number", number.value())
                .bind("at", at)
                .fetch()
                .rowsUpdated()
                .flatMap(n -> n == 1
                        ? Mono.just(new BeginOutcome.Begun())
                        : find(id, attempt)
                                .<BeginOutcome>map(BeginOutcome.AlreadyBegun::new)
                                .switchIfEmpty(Mono.fromSupplier(BeginOutcome.NumberBusy::new)));
    }

    /** Whether a call of the telephony belongs to an intent already. */
    public Mono<Boolean> knows(String callSid) {
        return db.sql("select exists (select 1 from dial_intents where call_sid = :sid) as known")
                .bind("sid", callSid)
                .map(row -> Rows.required(row, "known", Boolean.class))
                .one();
    }

    public Mono<DialIntent> find(CallId id, int attempt) {
        return db.sql(SELECT + " where call_id = :id and attempt = :attempt")
                .bind("id", id.value())
                .bind("attempt", attempt)
                .map(DialIntents::read)
                .one();
    }

    public Flux<DialIntent> all(CallId id) {
        return db.sql(SELECT + " where call_id = :id order by attempt")
                .bind("id", id.value())
                .map(DialIntents::read)
                .all();
    }

    /** Records the sid; a repeat, or a later word on a dial that is over, changes nothing else. */
    public Mono<DialIntent> accepted(CallId id, int attempt, String callSid, Instant at) {
        return db.sql("""
                        update dial_intents set call_sid = coalesce(call_sid, :sid), updated_at = :at,
                          state = case when state in ('BEGUN', 'UNKNOWN') then 'ACCEPTED' else state end
                        where call_id = :id and attempt = :attempt""")
                .bind("id", id.value())
                .bind("attempt", attempt)
                .bind("sid", callSid)
                .bind("at", at)
                .fetch()
                .rowsUpdated()
                .then(find(id, attempt));
    }

    /** Marks the outcome as not known, unless something is known by now. */
    public Mono<DialIntent> unknown(CallId id, int attempt, String reason, Instant at) {
        return state(id, attempt, DialIntent.State.UNKNOWN, reason, at, DialIntent.State.BEGUN);
    }

    /** The telephony said no. */
    public Mono<DialIntent> refused(CallId id, int attempt, String reason, Instant at) {
        return state(
                id, attempt, DialIntent.State.REFUSED, reason, at, DialIntent.State.BEGUN, DialIntent.State.UNKNOWN);
    }

    /** Gives up on an unknown dial, unless its sid is known by now; look at the answer's state. */
    public Mono<DialIntent> abandoned(CallId id, int attempt, String reason, Instant at) {
        return state(
                id, attempt, DialIntent.State.ABANDONED, reason, at, DialIntent.State.BEGUN, DialIntent.State.UNKNOWN);
    }

    /** The attempt is over and its number free again. */
    public Mono<DialIntent> closed(CallId id, int attempt, String reason, Instant at) {
        return state(
                id,
                attempt,
                DialIntent.State.CLOSED,
                reason,
                at,
                DialIntent.State.BEGUN,
                DialIntent.State.UNKNOWN,
                DialIntent.State.ACCEPTED);
    }

    /** The conversation of the call's present attempt ended because we failed. A repeat changes nothing. */
    public Mono<Void> cutOff(CallId id, Instant at) {
        return db.sql("""
                        update dial_intents d set cut_off = true, updated_at = :at from calls c
                        where c.id = :id and d.call_id = c.id and d.attempt = c.attempt and not d.cut_off""")
                .bind("id", id.value())
                .bind("at", at)
                .fetch()
                .rowsUpdated()
                .then();
    }

    /**
     * Takes in a report of the telephony, in any order: the state only moves forward by rank, facts once known stay.
     * Answers the row as it is afterwards.
     */
    public Mono<DialIntent> reported(CallId id, int attempt, Report report) {
        var spec = db.sql("""
                        update dial_intents set
                          call_sid = coalesce(call_sid, :sid),
                          state = case when :terminal and state in ('BEGUN', 'UNKNOWN', 'ACCEPTED') then 'CLOSED'
                                       when state in ('BEGUN', 'UNKNOWN') then 'ACCEPTED' else state end,
                          telephony_state = case when :rank > telephony_rank then :telephony else telephony_state end,
                          telephony_rank = greatest(telephony_rank, :rank),
                          answered_by = case when answered_by = 'machine_heard' then answered_by
                                             else coalesce(:answered_by, answered_by) end,
                          sip_code = coalesce(:sip, sip_code),
                          duration_seconds = coalesce(:duration, duration_seconds),
                          answered_at = case when :telephony = 'IN_PROGRESS' then coalesce(answered_at, :at)
                                             else answered_at end,
                          ended_at = case when :terminal then coalesce(ended_at, :at) else ended_at end,
                          updated_at = :at
                        where call_id = :id and attempt = :attempt and (call_sid is null or call_sid = :sid)""")
                .bind("id", id.value())
                .bind("attempt", attempt)
                .bind("sid", report.callSid())
                .bind("rank", report.state() == null ? -1 : report.state().rank())
                .bind("terminal", report.state() != null && report.state().isTerminal())
                .bind("at", report.at());
        spec = bind(
                spec,
                "telephony",
                report.state() == null ? null : report.state().name(),
                String.class);
        spec = bind(spec, "answered_by", report.answeredBy(), String.class);
        spec = bind(spec, "sip", report.sipCode(), Integer.class);
        return bind(spec, "duration", report.durationSeconds(), Integer.class)
                .fetch()
                .rowsUpdated()
                .then(find(id, attempt));
    }

    /** A machine was known by what it said, whatever the telephony thought: its word no longer counts. */
    public Mono<Void> machineHeard(CallId id, int attempt, Instant at) {
        return db.sql("""
                        update dial_intents set answered_by = 'machine_heard', updated_at = :at
                        where call_id = :id and attempt = :attempt
                          and answered_by is distinct from 'machine_heard'""")
                .bind("id", id.value())
                .bind("attempt", attempt)
                .bind("at", at)
                .fetch()
                .rowsUpdated()
                .then();
    }

    /** One word of the telephony about an attempt; a null says nothing about that. */
    public record Report(
            String callSid,
            @Nullable TelephonyState state,
            @Nullable Integer durationSeconds,
            @Nullable String answeredBy,
            @Nullable Integer sipCode,
            Instant at) {}

    private Mono<DialIntent> state(
            CallId id, int attempt, DialIntent.State to, String reason, Instant at, DialIntent.State... from) {
        return db.sql("""
                        update dial_intents set state = :to, reason = :reason, updated_at = :at
                        where call_id = :id and attempt = :attempt and state = any (:from)""")
                .bind("id", id.value())
                .bind("attempt", attempt)
                .bind("to", to.name())
                .bind("reason", reason)
                .bind("at", at)
                .bind("from", Arrays.stream(from).map(Enum::name).toArray(String[]::new))
                .fetch()
                .rowsUpdated()
                .then(find(id, attempt));
    }

    private static DialIntent read(Readable row) {
        String telephony = row.get("telephony_state", String.class);
        return new DialIntent(
                new CallId(Rows.required(row, "call_id", UUID.class)),
                Rows.number(row, "attempt"),
                new E164(Rows.text(row, "number")),
                DialIntent.State.valueOf(Rows.text(row, "state")),
                row.get("call_sid", String.class),
                row.get("reason", String.class),
                telephony == null ? null : TelephonyState.valueOf(telephony),
                row.get("answered_by", String.class),
                row.get("sip_code", Integer.class),
                row.get("duration_seconds", Integer.class),
                Rows.instantOrNull(row, "answered_at"),
                Rows.instantOrNull(row, "ended_at"),
                Rows.instant(row, "begun_at"),
                Rows.required(row, "cut_off", Boolean.class));
    }
}
