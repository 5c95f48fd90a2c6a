package ai.callmeback.db.notice;

import ai.callmeback.domain.UserId;
import java.time.Duration;
import java.time.Instant;
import java.util.Objects;
import java.util.UUID;
import org.springframework.r2dbc.core.DatabaseClient;
import org.springframework.stereotype.Repository;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** What finance is told by e-mail: kept before it is sent, once per key and person. */
@Repository
public class FinanceNotices {
    private final DatabaseClient db;

    public FinanceNotices(DatabaseClient db) {
        this.db = db;
    }

    /** Owes an e-mail to everybody of finance, or to the operators where nobody is; the same key again changes nothing. */
    public Mono<Void> tell(String key, String subject, String body, Instant at) {
        return db.sql("select finance_notify(:key, :subject, :body, :at)::text as told")
                .bind("key", key)
                .bind("subject", subject)
                .bind("body", body)
                .bind("at", at)
                .fetch()
                .one()
                .then();
    }

    /** Takes notices to send; each comes again after {@code lease} unless it is {@link #done}. */
    public Flux<FinanceNotice> lease(int limit, Duration lease, Instant now) {
        return db.sql("""
                        with due as (select notice_key, user_id from finance_notices where send_at <= :now
                                     order by send_at limit :limit for update skip locked)
                        update finance_notices n set send_at = :again, attempts = attempts + 1 from due d
                        where n.notice_key = d.notice_key and n.user_id = d.user_id returning n.*""")
                .bind("now", now)
                .bind("limit", limit)
                .bind("again", now.plus(lease))
                .map(row -> new FinanceNotice(
                        Objects.requireNonNull(row.get("notice_key", String.class)),
                        new UserId(Objects.requireNonNull(row.get("user_id", UUID.class))),
                        Objects.requireNonNull(row.get("subject", String.class)),
                        Objects.requireNonNull(row.get("body", String.class)),
                        Objects.requireNonNull(row.get("attempts", Integer.class))))
                .all();
    }

    /** It was sent, or will never be. */
    public Mono<Void> done(FinanceNotice notice, String outcome) {
        return db.sql("""
                        update finance_notices set send_at = null, outcome = :outcome
                        where notice_key = :key and user_id = :user and outcome is null""")
                .bind("outcome", outcome)
                .bind("key", notice.key())
                .bind("user", notice.userId().value())
                .fetch()
                .rowsUpdated()
                .then();
    }

    /** It could not be sent for now. */
    public Mono<Void> again(FinanceNotice notice, Instant at) {
        return db.sql("""
                        update finance_notices set send_at = :at
                        where notice_key = :key and user_id = :user and outcome is null""")
                .bind("at", at)
                .bind("key", notice.key())
                .bind("user", notice.userId().value())
                .fetch()
                .rowsUpdated()
                .then();
    }
}
