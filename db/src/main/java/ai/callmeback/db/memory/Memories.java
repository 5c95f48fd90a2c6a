package ai.callmeback.db.memory;

import ai.callmeback.db.call.CallRecord;
import ai.callmeback.domain.CallId;
import ai.callmeback.domain.PersonaId;
import ai.callmeback.domain.UserId;
import io.r2dbc.spi.Readable;
import java.time.Instant;
import java.util.Objects;
import java.util.UUID;
import org.springframework.r2dbc.core.DatabaseClient;
import org.springframework.stereotype.Repository;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** A user's memories. Beyond {@value #MOST} the oldest is forgotten. */
@Repository
public class Memories {
    public static final int MOST = 100;

    private final DatabaseClient db;

    public Memories(DatabaseClient db) {
        this.db = db;
    }

    /** Keeps it, as told to whoever has the talk now; a repeat under the same key of the same call changes nothing. */
    public Mono<Void> keep(UUID id, CallRecord call, String key, String words, Instant at) {
        return db.sql("""
                        with kept as (
                          insert into memories (id, user_id, persona_id, call_id, request_key, words, noted_at)
                          values (:id, :user, coalesce(
                              (select b.content -> 'voice' ->> 'personaId' from briefs b
                               where b.call_id = :call and b.attempt = :attempt), :persona),
                            :call, :key, :words, :at)
                          on conflict do nothing returning id)
                        delete from memories where id in (
                          select id from memories where user_id = :user order by noted_at desc, id desc
                          offset :most - (select count(*) from kept))""")
                .bind("id", id)
                .bind("user", call.userId().value())
                .bind("persona", call.personaId().value())
                .bind("attempt", call.attempt())
                .bind("call", call.id().value())
                .bind("key", key)
                .bind("words", words)
                .bind("at", at)
                .bind("most", MOST)
                .fetch()
                .rowsUpdated()
                .then();
    }

    /** The latest first. */
    public Flux<Memory> of(UserId user) {
        return db.sql("select * from memories where user_id = :user order by noted_at desc, id desc")
                .bind("user", user.value())
                .map(Memories::memory)
                .all();
    }

    /** False when this user has no such memory (any more). */
    public Mono<Boolean> forget(UserId user, UUID id) {
        return db.sql("delete from memories where id = :id and user_id = :user")
                .bind("id", id)
                .bind("user", user.value())
                .fetch()
                .rowsUpdated()
                .map(rows -> rows == 1);
    }

    /** All of them; answers how many. */
    public Mono<Long> forgetAll(UserId user) {
        return db.sql("delete from memories where user_id = :user")
                .bind("user", user.value())
                .fetch()
                .rowsUpdated();
    }

    private static Memory memory(Readable row) {
        return new Memory(
                of(row, "id", UUID.class),
                new PersonaId(of(row, "persona_id", String.class)),
                new CallId(of(row, "call_id", UUID.class)),
                of(row, "words", String.class),
                of(row, "noted_at", Instant.class));
    }

    private static <T> T of(Readable row, String column, Class<T> type) {
        return Objects.requireNonNull(row.get(column, type), column);
    }
}
