package ai.callmeback.db.call;

import ai.callmeback.domain.CallId;
import ai.callmeback.domain.UserId;
import java.time.Instant;
import org.springframework.r2dbc.core.DatabaseClient;
import org.springframework.stereotype.Component;
import reactor.core.publisher.Mono;

/** What was sent to people about their calls. */
@Component
public final class Notifications {
    private final DatabaseClient db;

    public Notifications(DatabaseClient db) {
        this.db = db;
    }

    /** Answers true while the message is still to be sent; false once {@link #sent} has been called for the key. */
    public Mono<Boolean> open(String key, CallId call, UserId user, String kind, Instant at) {
        return db.sql("""
                        insert into notifications (notification_key, call_id, user_id, kind, created_at)
                        values (:key, :call, :user, :kind, :at)
                        on conflict (notification_key) do update set kind = notifications.kind
                        returning sent_at is null as open""")
                .bind("key", key)
                .bind("call", call.value())
                .bind("user", user.value())
                .bind("kind", kind)
                .bind("at", at)
                .map(row -> Rows.required(row, "open", Boolean.class))
                .one();
    }

    public Mono<Void> sent(String key, String vendorId, Instant at) {
        return db.sql("update notifications set sent_at = :at, vendor_id = :vendor where notification_key = :key")
                .bind("key", key)
                .bind("vendor", vendorId)
                .bind("at", at)
                .fetch()
                .rowsUpdated()
                .then();
    }
}
