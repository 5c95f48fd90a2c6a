package ai.callmeback.db.inbound;

import ai.callmeback.domain.CallId;
import io.r2dbc.spi.Readable;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.HexFormat;
import java.util.Objects;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.r2dbc.core.DatabaseClient;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** What operators see and decide about callers, without ever seeing a number. */
public final class InboundDesk {
    private static final int SHOWN_HASH_BYTES = 6;

    private final DatabaseClient db;

    public InboundDesk(DatabaseClient db) {
        this.db = db;
    }

    /**
     * One call that came in.
     *
     * @param caller the begin of the number's keyed hash: the same caller can be told from others; null when withheld
     * @param outcome {@code accepted}, or the code it was turned away with
     */
    public record Entry(
            String callSid,
            @Nullable String personaId,
            @Nullable String caller,
            String outcome,
            boolean free,
            @Nullable CallId callId,
            Instant at) {}

    /** How many of one outcome since midnight UTC. */
    public record Count(String outcome, boolean free, long calls) {}

    /** A number that is turned away. */
    public record Blocked(UUID id, String caller, String reason, String blockedBy, Instant at) {}

    /** The latest first. */
    public Flux<Entry> latest(int limit) {
        return db.sql("select * from inbound_calls order by rang_at desc, call_sid limit :limit")
                .bind("limit", limit)
                .map(InboundDesk::entry)
                .all();
    }

    public Flux<Count> today(Instant now) {
        return db.sql("""
                        select outcome, free, count(*) as calls from inbound_calls where rang_at >= :day
                        group by outcome, free order by calls desc, outcome""")
                .bind(
                        "day",
                        now.atOffset(ZoneOffset.UTC)
                                .truncatedTo(ChronoUnit.DAYS)
                                .toInstant())
                .map(row -> new Count(
                        of(row, "outcome", String.class), of(row, "free", Boolean.class), of(row, "calls", Long.class)))
                .all();
    }

    /** The hash of the number that made a call; empty when the call is not known or the number was withheld. */
    public Mono<byte[]> callerOf(String callSid) {
        return db.sql("select caller_hash from inbound_calls where call_sid = :sid and caller_hash is not null")
                .bind("sid", callSid)
                .map(row -> of(row, "caller_hash", byte[].class))
                .one();
    }

    /** Turns a number away from now on. A repeat answers with what stands. */
    public Mono<Blocked> block(UUID id, byte[] callerHash, String reason, String by, Instant at) {
        return db.sql("""
                        insert into blocked_callers (id, caller_hash, reason, blocked_by, blocked_at)
                        values (:id, :hash, :reason, :by, :at) on conflict (caller_hash) do nothing""")
                .bind("id", id)
                .bind("hash", callerHash)
                .bind("reason", reason)
                .bind("by", by)
                .bind("at", at)
                .fetch()
                .rowsUpdated()
                .then(db.sql("select * from blocked_callers where caller_hash = :hash")
                        .bind("hash", callerHash)
                        .map(InboundDesk::readBlocked)
                        .one());
    }

    /** False when there is no such entry (any more). */
    public Mono<Boolean> unblock(UUID id) {
        return db.sql("delete from blocked_callers where id = :id")
                .bind("id", id)
                .fetch()
                .rowsUpdated()
                .map(rows -> rows == 1);
    }

    /** The latest first. */
    public Flux<Blocked> blocked(int limit) {
        return db.sql("select * from blocked_callers order by blocked_at desc, id limit :limit")
                .bind("limit", limit)
                .map(InboundDesk::readBlocked)
                .all();
    }

    private static Entry entry(Readable row) {
        byte[] hash = row.get("caller_hash", byte[].class);
        UUID call = row.get("call_id", UUID.class);
        return new Entry(
                of(row, "call_sid", String.class),
                row.get("persona_id", String.class),
                hash == null ? null : shown(hash),
                of(row, "outcome", String.class),
                of(row, "free", Boolean.class),
                call == null ? null : new CallId(call),
                of(row, "rang_at", Instant.class));
    }

    private static Blocked readBlocked(Readable row) {
        return new Blocked(
                of(row, "id", UUID.class),
                shown(of(row, "caller_hash", byte[].class)),
                of(row, "reason", String.class),
                of(row, "blocked_by", String.class),
                of(row, "blocked_at", Instant.class));
    }

    private static String shown(byte[] hash) {
        return HexFormat.of().formatHex(hash, 0, SHOWN_HASH_BYTES);
    }

    private static <T> T of(Readable row, String column, Class<T> type) {
        return Objects.requireNonNull(row.get(column, type), column);
    }
}
