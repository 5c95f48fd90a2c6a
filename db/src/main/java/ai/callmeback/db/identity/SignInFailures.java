package ai.callmeback.db.identity;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.springframework.r2dbc.core.DatabaseClient;
import org.springframework.stereotype.Repository;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * Counts sign-in attempts per key in a fixed window. An attempt is counted <em>before</em> the password is looked at
 * and taken back when it was right: a thousand guesses at once are a thousand counted, not one.
 */
@Repository
public class SignInFailures {
    private final DatabaseClient db;

    public SignInFailures(DatabaseClient db) {
        this.db = db;
    }

    /**
     * One thing to count by.
     *
     * @param name what identifies it; only its SHA-256 is stored, addresses and e-mails are not kept here
     * @param limit attempts per window; the next one is refused
     */
    public record Limit(String name, int limit) {
        byte[] hash() {
            try {
                return MessageDigest.getInstance("SHA-256").digest(name.getBytes(StandardCharsets.UTF_8));
            } catch (NoSuchAlgorithmException e) {
                throw new IllegalStateException("every Java platform has SHA-256", e);
            }
        }

        /** The name may hold an e-mail. */
        @Override
        public String toString() {
            return "Limit[limit=" + limit + "]";
        }
    }

    /** How long to wait until no key is over its limit; zero when the attempt may go on. */
    public Mono<Duration> count(List<Limit> keys, Duration window, Instant now) {
        return Flux.fromIterable(keys)
                .concatMap(key -> countOne(key, window, now))
                .reduce(Duration.ZERO, (a, b) -> a.compareTo(b) >= 0 ? a : b);
    }

    private Mono<Duration> countOne(Limit key, Duration window, Instant now) {
        return db.sql("""
                        insert into sign_in_failures as f (key_hash, failures, window_started_at) values (:key, 1, :now)
                        on conflict (key_hash) do update set
                          failures = case when f.window_started_at <= :expired then 1 else least(f.failures + 1, 1000000) end,
                          window_started_at = case when f.window_started_at <= :expired then :now else f.window_started_at end
                        returning failures, window_started_at""")
                .bind("key", key.hash())
                .bind("now", now)
                .bind("expired", now.minus(window))
                .map(row -> {
                    int failures = Users.required(row, "failures", Integer.class);
                    Instant started = Users.required(row, "window_started_at", Instant.class);
                    return failures <= key.limit() ? Duration.ZERO : Duration.between(now, started.plus(window));
                })
                .one();
    }

    /** Takes an attempt back: it was a right password after all. */
    public Mono<Void> forgive(List<Limit> keys) {
        return Flux.fromIterable(keys)
                .concatMap(key -> db.sql(
                                "update sign_in_failures set failures = greatest(failures - 1, 0) where key_hash = :key")
                        .bind("key", key.hash())
                        .then())
                .then();
    }

    /** Drops windows that are over. */
    public Mono<Long> forgetBefore(Instant time) {
        return db.sql("delete from sign_in_failures where window_started_at < :time")
                .bind("time", time)
                .fetch()
                .rowsUpdated();
    }
}
