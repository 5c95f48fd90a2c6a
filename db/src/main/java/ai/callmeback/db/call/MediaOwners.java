package ai.callmeback.db.call;

import ai.callmeback.domain.CallId;
import ai.callmeback.domain.conversation.Brief;
import ai.callmeback.domain.conversation.JournalEvent;
import ai.callmeback.domain.conversation.JournalKind;
import io.r2dbc.spi.Readable;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.Collection;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.r2dbc.core.DatabaseClient;
import org.springframework.stereotype.Component;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** Who owns a call's media. Leases go by the database's clock. */
@Component
public final class MediaOwners {
    private final DatabaseClient db;

    public MediaOwners(DatabaseClient db) {
        this.db = db;
    }

    /**
     * Claims the call a stream token belongs to, in one round trip that also brings the brief. A token is good for one
     * claim; a token offered later than the owner's takes the call over, an earlier one is stale.
     */
    public Mono<ClaimOutcome> claim(byte[] tokenHash, String incarnation, Duration lease) {
        return db.sql("select * from claim_media(:hash, :incarnation, :lease)")
                .bind("hash", tokenHash)
                .bind("incarnation", incarnation)
                .bind("lease", Math.toIntExact(lease.toMillis()))
                .map(MediaOwners::outcome)
                .one();
    }

    /** Extends the leases this worker still has, all in one round trip; answers one line per call asked for. */
    public Flux<MediaLease> renew(String incarnation, Collection<CallId> calls, Duration lease) {
        if (calls.isEmpty()) {
            return Flux.empty();
        }
        return db.sql("""
                        with renewed as (
                          update media_owners set renewed_at = clock_timestamp(),
                            lease_until = clock_timestamp() + :lease * interval '1 millisecond'
                          where incarnation = :incarnation and released_at is null and call_id = any (:calls)
                          returning call_id, attempt, hang_up)
                        select c.id, r.call_id is not null
                            and c.status not in ('ENDED', 'SETTLED', 'COMPLETED', 'CANCELED', 'FAILED') as owned,
                          c.planned_seconds + c.extended_seconds as planned, r.hang_up, d.call_sid,
                          d.answered_by
                        from calls c left join renewed r on r.call_id = c.id
                          left join dial_intents d on d.call_id = c.id and d.attempt = r.attempt
                        where c.id = any (:calls)""")
                .bind("lease", lease.toMillis())
                .bind("incarnation", incarnation)
                .bind("calls", calls.stream().map(CallId::value).toArray(UUID[]::new))
                .map(row -> new MediaLease(
                        new CallId(Rows.required(row, "id", UUID.class)),
                        Rows.required(row, "owned", Boolean.class),
                        Rows.number(row, "planned"),
                        row.get("hang_up", String.class),
                        row.get("call_sid", String.class),
                        row.get("answered_by", String.class)))
                .all();
    }

    /** Lets go of a leg; a leg that is not this worker's is left alone. */
    public Mono<Void> release(CallId id, int mediaLeg, String incarnation) {
        return db.sql("""
                        update media_owners set released_at = clock_timestamp()
                        where call_id = :id and media_leg = :leg and incarnation = :incarnation
                          and released_at is null""")
                .bind("id", id.value())
                .bind("leg", mediaLeg)
                .bind("incarnation", incarnation)
                .fetch()
                .rowsUpdated()
                .then();
    }

    /** Asks the owner to end the call at its next renewal; the first word stands. */
    public Mono<Void> requestHangUp(CallId id, String by) {
        return db.sql("update media_owners set hang_up = coalesce(hang_up, :by) where call_id = :id")
                .bind("id", id.value())
                .bind("by", by)
                .fetch()
                .rowsUpdated()
                .then();
    }

    /** Empty when nobody ever claimed the call. */
    public Mono<MediaState> state(CallId id) {
        return db.sql("""
                        select attempt, media_leg, incarnation, released_at is not null as released,
                          released_at is null and lease_until > clock_timestamp() as alive
                        from media_owners where call_id = :id""")
                .bind("id", id.value())
                .map(row -> new MediaState(
                        Rows.number(row, "attempt"),
                        Rows.number(row, "media_leg"),
                        Rows.text(row, "incarnation"),
                        Rows.required(row, "alive", Boolean.class),
                        Rows.required(row, "released", Boolean.class)))
                .one();
    }

    /**
     * Milliseconds between two legs of the same attempt in which nothing was carried, over these attempts together: from
     * the last sign of life of a leg to the first audio of the next. The last sign is its last journal line (a mark, a
     * transcript) or the last renewal of its lease, whichever is later; a death is therefore dated at most a second too
     * early, never too late. The first audio is the first speech the next leg journalled, just before it sent it; a leg that
     * never spoke has lost everything up to the end of the telephone call.
     *
     * <p>A leg that stepped down did so in a gap of the talk or with the next words in hand: the next one carries from its
     * beginning, and when it first speaks is up to the talk.
     */
    public Mono<Long> gapsMs(CallId id, Collection<Integer> attempts) {
        return db.sql("""
                        with legs as (
                          select m.attempt, m.media_leg, greatest(m.ended_at, max(e.at)) as last_sign,
                            coalesce(min(e.at) filter (where e.kind = 'AGENT_PLANNED'), d.ended_at, m.claimed_at)
                              as first_audio,
                            coalesce(min(e.at) filter (where e.kind = 'LEG_STARTED'), m.claimed_at) as began,
                            coalesce(bool_or(e.kind = 'NOTE' and e.detail ->> 'legOver' = 'drain'), false) as stepped_down
                          from media_legs m
                            left join conversation_events e on e.call_id = m.call_id and e.media_leg = m.media_leg
                            left join dial_intents d on d.call_id = m.call_id and d.attempt = m.attempt
                          where m.call_id = :id and m.attempt = any (:attempts)
                          group by m.call_id, m.media_leg, d.ended_at)
                        select coalesce(sum(greatest(0, extract(epoch from
                            case when l.stepped_down then n.began else n.first_audio end - l.last_sign) * 1000)), 0)
                            ::bigint as ms
                        from legs l join legs n on n.media_leg = l.media_leg + 1 and n.attempt = l.attempt""")
                .bind("id", id.value())
                .bind("attempts", attempts.toArray(Integer[]::new))
                .map(row -> Rows.required(row, "ms", Long.class))
                .one();
    }

    /**
     * Legs that nobody has told to be over, in order; to be asked when the call is, and its journal is still kept. Their
     * workers can tell nothing about them from then on. A repeat answers the same.
     */
    public Flux<LostLeg> takeLostLegs(CallId id) {
        return db.sql("select media_leg, attempt, claimed_at, last_sign from take_lost_legs(:id)")
                .bind("id", id.value())
                .map(row -> new LostLeg(
                        Rows.number(row, "media_leg"),
                        Rows.number(row, "attempt"),
                        Rows.instant(row, "claimed_at"),
                        Rows.instant(row, "last_sign")))
                .all();
    }

    private static ClaimOutcome outcome(Readable row) {
        return switch (Rows.text(row, "outcome")) {
            case "CLAIMED" -> claimed(row);
            case "STALE" -> new ClaimOutcome.Stale(callId(row), Rows.number(row, "attempt"));
            case "UNKNOWN" -> new ClaimOutcome.Unknown();
            case String other -> throw new IllegalStateException("claim_media answered " + other);
        };
    }

    private static ClaimOutcome claimed(Readable row) {
        CallId id = callId(row);
        JournalLine[] lines = Rows.JSON.readValue(Rows.json(row, "journal"), JournalLine[].class);
        return new ClaimOutcome.Claimed(
                id,
                Rows.number(row, "attempt"),
                Rows.number(row, "media_leg"),
                row.get("call_sid", String.class),
                Rows.instant(row, "first_claimed_at"),
                Rows.number(row, "planned_seconds"),
                Rows.JSON.readValue(Rows.json(row, "brief"), Brief.class),
                java.util.Arrays.stream(lines).map(line -> line.event(id)).toList());
    }

    private static CallId callId(Readable row) {
        return new CallId(Rows.required(row, "call_id", UUID.class));
    }

    /** A journal line as the claim brings it. */
    record JournalLine(
            int mediaLeg,
            long sequence,
            OffsetDateTime at,
            JournalKind kind,
            int turn,
            int segment,
            String text,
            List<Integer> charEndMs,
            @Nullable Integer heardMs,
            boolean interrupted,
            @Nullable Integer latencyMs) {
        JournalEvent event(CallId id) {
            Instant instant = at.toInstant();
            return new JournalEvent(
                    id,
                    mediaLeg,
                    sequence,
                    instant,
                    kind,
                    turn,
                    segment,
                    text,
                    charEndMs,
                    heardMs,
                    interrupted,
                    latencyMs,
                    null);
        }
    }
}
