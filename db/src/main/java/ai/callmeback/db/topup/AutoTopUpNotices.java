package ai.callmeback.db.topup;

import static ai.callmeback.db.row.Columns.text;

import ai.callmeback.db.row.Columns;
import ai.callmeback.domain.UserId;
import java.time.Duration;
import java.time.Instant;
import java.util.UUID;
import org.springframework.r2dbc.core.DatabaseClient;
import org.springframework.r2dbc.core.DatabaseClient.GenericExecuteSpec;
import org.springframework.stereotype.Repository;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** The e-mails owed about auto top-ups: one when it stops, one a month when the cap is reached. */
@Repository
public class AutoTopUpNotices {
    private final DatabaseClient db;

    public AutoTopUpNotices(DatabaseClient db) {
        this.db = db;
    }

    /** Takes notices to send; each comes again after {@code lease} unless it is {@link #done}. */
    public Flux<AutoTopUpNotice> lease(int limit, Duration lease, Instant now) {
        return db.sql("""
                        with due as (select topup_id, kind, ref from auto_topup_notices where send_at <= :now
                                     order by send_at limit :limit for update skip locked)
                        update auto_topup_notices n set send_at = :again, attempts = n.attempts + 1
                        from due d join auto_topups t on t.id = d.topup_id
                        where (n.topup_id, n.kind, n.ref) = (d.topup_id, d.kind, d.ref)
                        returning n.*, t.user_id""")
                .bind("now", now)
                .bind("limit", limit)
                .bind("again", now.plus(lease))
                .map(row -> new AutoTopUpNotice(
                        Columns.of(row, "topup_id", UUID.class),
                        new UserId(Columns.of(row, "user_id", UUID.class)),
                        text(row, "kind").equals("cap_reached"),
                        text(row, "ref"),
                        text(row, "reason"),
                        Columns.of(row, "attempts", Integer.class)))
                .all();
    }

    /** It was sent, or will never be. */
    public Mono<Void> done(AutoTopUpNotice notice, String outcome) {
        return one("update auto_topup_notices set send_at = null, outcome = :value", notice)
                .bind("value", outcome)
                .then();
    }

    /** It could not be sent for now. */
    public Mono<Void> again(AutoTopUpNotice notice, Instant at) {
        return one("update auto_topup_notices set send_at = :value", notice)
                .bind("value", at)
                .then();
    }

    private GenericExecuteSpec one(String update, AutoTopUpNotice notice) {
        return db.sql(update + " where topup_id = :id and kind = :kind and ref = :ref and outcome is null")
                .bind("id", notice.topUpId())
                .bind("kind", notice.capReached() ? "cap_reached" : "needs_attention")
                .bind("ref", notice.ref());
    }
}
