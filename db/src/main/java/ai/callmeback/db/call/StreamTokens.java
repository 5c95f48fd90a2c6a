package ai.callmeback.db.call;

import ai.callmeback.domain.CallId;
import ai.callmeback.domain.policy.Limits;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.List;
import java.util.stream.IntStream;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.r2dbc.core.DatabaseClient;
import org.springframework.stereotype.Component;
import reactor.core.publisher.Mono;

/** One-time tokens for the streams offered to the telephony. Only their SHA-256 is kept. */
@Component
public final class StreamTokens {
    private static final int TOKEN_BYTES = 32;

    private final DatabaseClient db;
    private final SecureRandom random;

    @Autowired
    public StreamTokens(DatabaseClient db) {
        this(db, new SecureRandom());
    }

    StreamTokens(DatabaseClient db, SecureRandom random) {
        this.db = db;
        this.random = random;
    }

    /**
     * One token per worker, in the order of the verbs they will stand in. Each round gets later ordinals than the one
     * before, so a repeated question of the telephony is harmless.
     */
    public Mono<List<String>> issue(CallId id, int attempt, List<VoiceWorker> workers) {
        List<String> tokens =
                IntStream.range(0, workers.size()).mapToObj(i -> newToken()).toList();
        if (tokens.isEmpty()) {
            return Mono.just(tokens);
        }
        return db.sql("""
                        with locked as (select id from calls where id = :id for no key update),
                        last as (select coalesce(max(s.ordinal), 0) as n from stream_tokens s, locked
                                 where s.call_id = locked.id)
                        insert into stream_tokens
                            (token_hash, call_id, attempt, ordinal, incarnation, issued_at, expires_at)
                          select t.hash, :id, :attempt, last.n + t.position, t.incarnation, clock_timestamp(),
                                 clock_timestamp() + :life * interval '1 second'
                          from last, unnest(:hashes::bytea[], :incarnations::text[])
                            with ordinality as t (hash, incarnation, position)""")
                .bind("id", id.value())
                .bind("attempt", attempt)
                .bind("life", Limits.STREAM_TOKEN_LIFE.toSeconds())
                .bind(
                        "hashes",
                        tokens.stream()
                                .map(t -> "\\x" + java.util.HexFormat.of().formatHex(hash(t)))
                                .toArray(String[]::new))
                .bind(
                        "incarnations",
                        workers.stream().map(VoiceWorker::incarnation).toArray(String[]::new))
                .fetch()
                .rowsUpdated()
                .thenReturn(tokens);
    }

    /** What is stored of a token, and what a claim is made with. */
    public static byte[] hash(String token) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(token.getBytes(StandardCharsets.UTF_8));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }

    private String newToken() {
        byte[] bytes = new byte[TOKEN_BYTES];
        random.nextBytes(bytes);
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }
}
