package ai.callmeback.db.call;

import ai.callmeback.domain.CallId;
import ai.callmeback.domain.E164;
import ai.callmeback.domain.PersonaId;
import ai.callmeback.domain.UserId;
import ai.callmeback.domain.call.CallDirection;
import ai.callmeback.domain.call.CallStatus;
import ai.callmeback.domain.call.CallbackPolicy;
import ai.callmeback.domain.call.PlannedDuration;
import ai.callmeback.domain.call.TelephonyState;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Map;
import org.springframework.r2dbc.core.DatabaseClient;
import reactor.core.publisher.Mono;

/** Opens the rows of a call that somebody makes to us: it rings already, and its one attempt is known. */
public final class RungCalls {
    /** The only attempt of an inbound call. */
    public static final int ATTEMPT = 1;

    private final DatabaseClient db;

    public RungCalls(DatabaseClient db) {
        this.db = db;
    }

    /** @param called the number that was rung, the persona's */
    public record RungCall(
            CallId id,
            UserId userId,
            PersonaId personaId,
            E164 called,
            PlannedDuration planned,
            CallbackPolicy policy,
            String callSid,
            Instant at) {}

    /** Row, intent, outbox row and first event in one statement; the second for one sid fails on its key. */
    public Mono<Void> open(RungCall call) {
        return db.sql("""
                        with rung as (
                          insert into calls (id, user_id, idempotency_key, request_hash, persona_id, phone_e164,
                              direction, planned_seconds, immediate, scheduled_for, callback_policy, status, attempt,
                              due_at, hold_seconds, charge_policy, last_event_seq, created_at, updated_at)
                            values (:id, :user, :key, sha256(:hashed), :persona, :called, :direction, :planned, true, :at,
                              :policy, :status, :attempt, :at, :planned, 'by_the_second', 1, :at, :at)
                            returning id),
                        intent as (
                          insert into dial_intents (call_id, attempt, number, state, call_sid, telephony_state,
                              telephony_rank, begun_at, updated_at, inbound)
                            select id, :attempt, :called, 'ACCEPTED', :sid, :telephony, :rank, :at, :at, true from rung),
                        told as (
                          insert into call_outbox (call_id, kind, created_at, next_attempt_at)
                            select id, :start, :at, :at from rung returning pg_notify('call_outbox', '')),
                        event as (
                          insert into call_events (call_id, seq, kind, data, at, dedupe_key)
                            select id, 1, 'status', :event, :at, 'ringing-1' from rung
                            returning pg_notify('call_events', call_id::text))
                        select (select count(*) from told), (select count(*) from event) from rung""")
                .bind("id", call.id().value())
                .bind("user", call.userId().value())
                .bind("key", "inbound-" + call.callSid())
                .bind("hashed", call.callSid().getBytes(StandardCharsets.UTF_8))
                .bind("persona", call.personaId().value())
                .bind("called", call.called().value())
                .bind("direction", CallDirection.INBOUND.name())
                .bind("planned", call.planned().seconds())
                .bind("policy", Rows.toJson(call.policy()))
                .bind("status", CallStatus.RINGING.name())
                .bind("attempt", ATTEMPT)
                .bind("sid", call.callSid())
                .bind("telephony", TelephonyState.RINGING.name())
                .bind("rank", TelephonyState.RINGING.rank())
                .bind("start", CallOutbox.START)
                .bind(
                        "event",
                        Rows.toJson(Map.of("status", CallStatus.RINGING.name(), "direction", "INBOUND", "attempt", 1)))
                .bind("at", call.at())
                .fetch()
                .one()
                .then();
    }
}
