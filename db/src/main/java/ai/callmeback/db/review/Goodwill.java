package ai.callmeback.db.review;

import ai.callmeback.domain.CallId;
import ai.callmeback.domain.Credits;
import ai.callmeback.domain.UserId;
import java.time.Instant;
import java.util.Locale;
import java.util.Objects;
import java.util.UUID;
import org.springframework.r2dbc.core.DatabaseClient;
import org.springframework.stereotype.Repository;
import reactor.core.publisher.Mono;

/** Talk that finance gives away for a call. */
@Repository
public class Goodwill {
    private final DatabaseClient db;

    public Goodwill(DatabaseClient db) {
        this.db = db;
    }

    /**
     * What is given, to whoever had the call.
     *
     * @param credits a minute to ten hours
     * @param by a person of finance
     * @param idempotencyKey of this call
     */
    public record Gift(
            UUID id, CallId callId, Credits credits, String note, UserId by, String idempotencyKey, Instant at) {}

    /** What became of it. */
    public enum Outcome {
        GIVEN,
        /** Given before, by the same request. */
        REPEATED,
        /** The key was used for another gift. */
        CONFLICT,
        UNKNOWN_CALL,
        /** Whoever had the call has left. */
        CLOSED_ACCOUNT
    }

    /** Gives it, with its posting in the same transaction; once per call and key. After an error the same may be asked again. */
    public Mono<Outcome> give(Gift gift) {
        return db.sql("select outcome from goodwill_give(:id, :call, :seconds, :note, :by, :key, :at)")
                .bind("id", gift.id())
                .bind("call", gift.callId().value())
                .bind("seconds", gift.credits().seconds())
                .bind("note", gift.note())
                .bind("by", gift.by().value())
                .bind("key", gift.idempotencyKey())
                .bind("at", gift.at())
                .map(row -> Outcome.valueOf(
                        Objects.requireNonNull(row.get("outcome", String.class)).toUpperCase(Locale.ROOT)))
                .one();
    }
}
