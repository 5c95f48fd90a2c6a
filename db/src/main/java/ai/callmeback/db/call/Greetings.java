package ai.callmeback.db.call;

import ai.callmeback.domain.CallId;
import ai.callmeback.domain.conversation.Brief;
import io.r2dbc.spi.Readable;
import java.nio.ByteBuffer;
import java.util.List;
import org.springframework.r2dbc.core.DatabaseClient;
import org.springframework.stereotype.Component;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * Words spoken by one voice worker and played by whichever gets the call: the first of a call, spoken while its phone rings,
 * and those a worker that steps down had spoken ahead.
 */
@Component
public final class Greetings {
    private final DatabaseClient db;

    public Greetings(DatabaseClient db) {
        this.db = db;
    }

    /**
     * Speech and its characters in time; the lists have an entry for each character of {@code text}.
     *
     * @param mulaw 8 kHz
     */
    @SuppressWarnings("ArrayRecordComponent") // handed on once and only read
    public record Greeting(byte[] mulaw, Alignment alignment) {}

    /** Which character sounds when, in milliseconds. */
    public record Alignment(String text, List<Integer> startMs, List<Integer> durationMs) {}

    /**
     * Gives calls that ring now, and that no stream has claimed, to one caller each, who is to have their first words
     * spoken; each attempt once.
     */
    public Flux<Brief> take(int most) {
        return db.sql("""
                        with old as (delete from greetings where begun_at < clock_timestamp() - interval '10 minutes'),
                        taken as (
                          insert into greetings (call_id, attempt, begun_at)
                          select c.id, c.attempt, clock_timestamp()
                          from calls c join briefs b on b.call_id = c.id and b.attempt = c.attempt
                          where c.status in ('DIALING', 'RINGING') and c.direction = 'OUTBOUND'
                            and not exists (select 1 from greetings g where g.call_id = c.id and g.attempt = c.attempt)
                            and not exists (select 1 from media_legs l where l.call_id = c.id and l.attempt = c.attempt)
                          limit :most
                          on conflict do nothing
                          returning call_id, attempt)
                        select b.content from taken t join briefs b on b.call_id = t.call_id and b.attempt = t.attempt""")
                .bind("most", most)
                .map(row -> Rows.JSON.readValue(Rows.json(row, "content"), Brief.class))
                .all();
    }

    /** Keeps what was spoken; nothing is kept if nobody waits for it any more. */
    public Mono<Void> put(CallId call, int attempt, Greeting greeting) {
        return db.sql("""
                        update greetings set mulaw = :mulaw, alignment = :alignment
                        where call_id = :id and attempt = :attempt""")
                .bind("mulaw", ByteBuffer.wrap(greeting.mulaw()))
                .bind("alignment", Rows.toJson(greeting.alignment()))
                .bind("id", call.value())
                .bind("attempt", attempt)
                .fetch()
                .rowsUpdated()
                .then();
    }

    /** Keeps what a worker had ready when it stepped down; of two the later. */
    public Mono<Void> leave(CallId call, int attempt, Greeting words) {
        return db.sql("""
                        insert into greetings (call_id, attempt, begun_at, mulaw, alignment)
                          values (:id, :attempt, clock_timestamp(), :mulaw, :alignment)
                        on conflict (call_id, attempt) do update set
                          begun_at = excluded.begun_at, mulaw = excluded.mulaw, alignment = excluded.alignment""")
                .bind("id", call.value())
                .bind("attempt", attempt)
                .bind("mulaw", ByteBuffer.wrap(words.mulaw()))
                .bind("alignment", Rows.toJson(words.alignment()))
                .fetch()
                .rowsUpdated()
                .then();
    }

    /** Whether the call still rings or is talked on: whether its workflow will look at what it has used. */
    public Mono<Boolean> isAlive(CallId call) {
        return db.sql("select status in ('DIALING', 'RINGING', 'IN_PROGRESS') as alive from calls where id = :id")
                .bind("id", call.value())
                .map(row -> Boolean.TRUE.equals(row.get("alive", Boolean.class)))
                .one()
                .defaultIfEmpty(false);
    }

    /**
     * The next words of the call a stream token belongs to, if they are ready; whoever asks once gets them. The row stays,
     * without its audio: the call may be told to ring for a moment yet, and is not to be taken again.
     */
    public Mono<Greeting> take(byte[] tokenHash) {
        return db.sql("""
                        with ready as (
                          select g.call_id, g.attempt, g.mulaw, g.alignment
                          from greetings g join stream_tokens t on t.call_id = g.call_id and t.attempt = g.attempt
                          where t.token_hash = :hash and g.mulaw is not null
                          for update of g),
                        emptied as (
                          update greetings g set mulaw = null, alignment = null from ready r
                          where g.call_id = r.call_id and g.attempt = r.attempt)
                        select mulaw, alignment from ready""").bind("hash", tokenHash).map(Greetings::greeting).one();
    }

    private static Greeting greeting(Readable row) {
        ByteBuffer bytes = Rows.required(row, "mulaw", ByteBuffer.class);
        byte[] mulaw = new byte[bytes.remaining()];
        bytes.get(mulaw);
        return new Greeting(mulaw, Rows.JSON.readValue(Rows.json(row, "alignment"), Alignment.class));
    }
}
