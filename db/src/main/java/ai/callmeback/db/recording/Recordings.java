package ai.callmeback.db.recording;

import ai.callmeback.domain.CallId;
import ai.callmeback.domain.UserId;
import io.r2dbc.spi.Readable;
import java.time.Instant;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.r2dbc.core.DatabaseClient;
import org.springframework.stereotype.Component;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * Recordings of calls and the consent they need. No sound is taken in of a call without consent, whoever brings it, and
 * consent that is withdrawn works on a call that is going on.
 */
@Component
public final class Recordings {
    private final DatabaseClient db;

    public Recordings(DatabaseClient db) {
        this.db = db;
    }

    // ------------------------------------------------------------------ consent

    /** When this user agreed that calls are recorded; empty while they do not. */
    public Mono<Optional<Instant>> consentOf(UserId user) {
        return db.sql("select recording_consent_at from users where id = :id")
                .bind("id", user.value())
                .map(Recordings::consent)
                .one()
                .defaultIfEmpty(Optional.empty());
    }

    /** Agrees for all calls to come; a repeat leaves the first time. */
    public Mono<Void> agree(UserId user, Instant at) {
        return db.sql("""
                        update users set recording_consent_at = coalesce(recording_consent_at, :at) where id = :id""").bind("id", user.value()).bind("at", at).then();
    }

    /** Takes it back, for calls that are booked or going on as well. What has been recorded stays until its time. */
    public Mono<Void> refuse(UserId user) {
        return db.sql("""
                        with mine as (update users set recording_consent_at = null where id = :id returning id)
                        update calls c set recording_consent_at = null from mine
                        where c.user_id = mine.id and c.recording_consent_at is not null and c.ended_at is null""").bind("id", user.value()).then();
    }

    /** One call, other than its user has said for all: recorded from {@code at} on, or with null not at all. */
    public Mono<Void> decide(CallId call, @Nullable Instant at) {
        var spec = db.sql("update calls set recording_consent_at = :at where id = :id")
                .bind("id", call.value());
        return (at == null ? spec.bindNull("at", Instant.class) : spec.bind("at", at)).then();
    }

    public Mono<Optional<Instant>> consentOf(CallId call) {
        return db.sql("select recording_consent_at from calls where id = :id")
                .bind("id", call.value())
                .map(Recordings::consent)
                .one()
                .defaultIfEmpty(Optional.empty());
    }

    private static Optional<Instant> consent(Readable row) {
        return Optional.ofNullable(row.get("recording_consent_at", Instant.class));
    }

    // ------------------------------------------------------------------ sound

    /** Keeps sealed sound; false when there is no consent (any more). A repeat changes nothing. */
    public Mono<Boolean> append(SoundChunk chunk) {
        return db.sql("""
                        with allowed as (
                          select id from calls where id = :call and recording_consent_at is not null),
                        kept as (
                          insert into recording_chunks (call_id, media_leg, number, starts_at, samples, sound)
                          select id, :leg, :number, :at, :samples, :sound from allowed
                          on conflict do nothing)
                        select count(*) as n from allowed""")
                .bind("call", chunk.callId().value())
                .bind("leg", chunk.mediaLeg())
                .bind("number", chunk.number())
                .bind("at", chunk.startsAt())
                .bind("samples", chunk.samples())
                .bind("sound", chunk.sound())
                .map(row -> of(row, "n", Long.class) > 0)
                .one();
    }

    /** What there is of a call, in the order of time. */
    public Flux<SoundChunk.Place> places(CallId call) {
        return db.sql("""
                        select media_leg, number, starts_at, samples from recording_chunks where call_id = :call
                        order by starts_at, media_leg, number""")
                .bind("call", call.value())
                .map(row -> new SoundChunk.Place(
                        of(row, "media_leg", Integer.class),
                        of(row, "number", Integer.class),
                        of(row, "starts_at", Instant.class),
                        of(row, "samples", Integer.class)))
                .all();
    }

    /** The sealed sound of one place; empty when it has been deleted meanwhile. */
    public Mono<byte[]> sound(CallId call, SoundChunk.Place place) {
        return db.sql("""
                        select sound from recording_chunks
                        where call_id = :call and media_leg = :leg and number = :number""")
                .bind("call", call.value())
                .bind("leg", place.mediaLeg())
                .bind("number", place.number())
                .map(row -> of(row, "sound", byte[].class))
                .one();
    }

    /** Deletes what was recorded of a call, and takes its consent away, so that nothing more is. */
    public Mono<Void> forget(CallId call) {
        return db.sql("""
                        with gone as (delete from recording_chunks where call_id = :call)
                        update calls set recording_consent_at = null where id = :call""").bind("call", call.value()).then();
    }

    /** Deletes sound older than a time, of some calls at once; answers how many stretches went. */
    public Mono<Long> purgeBefore(Instant before, int calls) {
        return db.sql("""
                        delete from recording_chunks where starts_at < :before and call_id = any (array(
                          select call_id from recording_chunks where starts_at < :before
                          group by call_id limit :calls))""").bind("before", before).bind("calls", calls).fetch().rowsUpdated();
    }

    private static <T> T of(Readable row, String column, Class<T> type) {
        return Objects.requireNonNull(row.get(column, type), column);
    }
}
