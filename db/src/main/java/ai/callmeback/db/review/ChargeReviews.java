package ai.callmeback.db.review;

import ai.callmeback.db.review.ChargeReview.Verdict;
import ai.callmeback.domain.CallId;
import ai.callmeback.domain.Credits;
import ai.callmeback.domain.settlement.ChargePolicy;
import io.r2dbc.spi.Readable;
import java.time.Instant;
import java.util.Locale;
import java.util.Objects;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.r2dbc.core.DatabaseClient;
import org.springframework.stereotype.Repository;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** Charges as finance sees and reviews them: of anybody's calls, so only finance may ask. */
@Repository
public class ChargeReviews {
    private final DatabaseClient db;

    public ChargeReviews(DatabaseClient db) {
        this.db = db;
    }

    /** Empty when there is no such call. */
    public Mono<CallCharge> charge(CallId callId) {
        return db.sql("""
                        select c.*, coalesce(c.charge_policy, 'by_the_second') as policy,
                                    (select coalesce(sum(s.reversed_seconds), 0)::bigint
                                     from ledger_hold_slices s where s.hold_id = c.id) as returned
                        from calls c where c.id = :call""")
                .bind("call", callId.value())
                .map(row -> new CallCharge(
                        callId,
                        row.get("ended_by", String.class),
                        row.get("end_reason", String.class),
                        of(row, "charge_decision", String.class),
                        row.get("charge_reason", String.class),
                        ChargePolicy.ofCode(of(row, "policy", String.class)),
                        credits(row.get("billed_seconds", Long.class)),
                        credits(row.get("charged_seconds", Long.class)),
                        new Credits(of(row, "returned", Long.class)),
                        row.get("settled_at", Instant.class)))
                .one();
    }

    private static @Nullable Credits credits(@Nullable Long seconds) {
        return seconds == null ? null : new Credits(seconds);
    }

    /** The oldest first. */
    public Flux<ChargeReview> of(CallId callId) {
        return db.sql("select * from charge_reviews where call_id = :call order by reviewed_at, id")
                .bind("call", callId.value())
                .map(row -> new ChargeReview(
                        of(row, "id", UUID.class),
                        Verdict.valueOf(of(row, "verdict", String.class).toUpperCase(Locale.ROOT)),
                        new Credits(of(row, "seconds", Long.class)),
                        of(row, "note", String.class),
                        row.get("posting_id", Long.class),
                        of(row, "reviewed_at", Instant.class)))
                .all();
    }

    /** Records a review, with its reversing posting in the same transaction; once per call and key. */
    public Mono<ReviewOutcome> review(NewReview review) {
        var call = db.sql("select * from charge_review(:id, :call, :by, :key, :verdict, :seconds, :note, :at)")
                .bind("id", review.id())
                .bind("call", review.callId().value())
                .bind("by", review.reviewer().value())
                .bind("key", review.idempotencyKey())
                .bind("verdict", review.verdict().name().toLowerCase(Locale.ROOT))
                .bind("note", review.note())
                .bind("at", review.at());
        Credits credits = review.credits();
        return (credits == null ? call.bindNull("seconds", Long.class) : call.bind("seconds", credits.seconds()))
                .map(row -> outcome(row))
                .one();
    }

    private static ReviewOutcome outcome(Readable row) {
        String outcome = of(row, "outcome", String.class);
        return switch (outcome) {
            case "recorded" -> new ReviewOutcome.Recorded();
            case "repeated" -> new ReviewOutcome.Repeated();
            case "conflict" -> new ReviewOutcome.Conflict();
            case "unknown_call" -> new ReviewOutcome.UnknownCall();
            case "not_settled" -> new ReviewOutcome.NotSettled();
            case "not_charged" -> new ReviewOutcome.NotCharged();
            case "not_reversible" -> new ReviewOutcome.NotReversible();
            case "exceeds" -> new ReviewOutcome.Exceeds(new Credits(of(row, "reversible", Long.class)));
            default -> throw new IllegalStateException("a review was answered '" + outcome + "'");
        };
    }

    private static <T> T of(Readable row, String column, Class<T> type) {
        return Objects.requireNonNull(row.get(column, type), column);
    }
}
