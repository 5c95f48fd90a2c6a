package ai.callmeback.db.topup;

import static ai.callmeback.db.row.Columns.text;

import ai.callmeback.db.inbox.StartTable;
import ai.callmeback.db.row.Columns;
import ai.callmeback.domain.topup.CardSetupId;
import ai.callmeback.domain.topup.CardSetupStatus;
import java.time.Duration;
import java.time.Instant;
import java.util.UUID;
import org.springframework.r2dbc.core.DatabaseClient;
import org.springframework.stereotype.Repository;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** The saving of cards at the payment vendor. Here is only how it stands; card numbers are never seen. */
@Repository
public class CardSetups {
    private final DatabaseClient db;
    private final StartTable starts;

    public CardSetups(DatabaseClient db) {
        this.db = db;
        this.starts = new StartTable(db, "card_setups");
    }

    public Mono<CardSetup> find(CardSetupId id) {
        return db.sql(
                        "select s.*, t.customer from card_setups s join auto_topups t on t.id = s.topup_id where s.id = :id")
                .bind("id", id.value())
                .map(row -> new CardSetup(
                        id,
                        Columns.of(row, "topup_id", UUID.class),
                        CardSetupStatus.valueOf(text(row, "status")),
                        row.get("customer", String.class),
                        row.get("session", String.class),
                        row.get("expires_at", Instant.class),
                        Columns.of(row, "created_at", Instant.class)))
                .one();
    }

    /** The page is open; a repeat changes nothing. */
    public Mono<Void> opened(CardSetupId id, String session, String url, Instant expiresAt, Instant at) {
        return db.sql("""
                        update card_setups set status = case when status = 'NEW' then 'OPEN' else status end,
                          session = :session, url = :url, expires_at = :expires, updated_at = :at
                        where id = :id and session is null""")
                .bind("id", id.value())
                .bind("session", session)
                .bind("url", url)
                .bind("expires", expiresAt)
                .bind("at", at)
                .fetch()
                .rowsUpdated()
                .then();
    }

    /** What was saved. */
    public record Saved(String customer, String paymentMethod, AutoTopUp.Card card) {}

    /** A card is saved, and the auto top-up that waited for it is on. Answers false when nobody waits for it: it is not kept. */
    public Mono<Boolean> saved(CardSetupId id, Saved saved, Instant at) {
        return db.sql("select card_setup_saved(:id, :customer, :method, :brand, :last4, :expires, :at)")
                .bind("id", id.value())
                .bind("customer", saved.customer())
                .bind("method", saved.paymentMethod())
                .bind("brand", saved.card().brand())
                .bind("last4", saved.card().last4())
                .bind("expires", saved.card().expires())
                .bind("at", at)
                .mapValue(Boolean.class)
                .one();
    }

    /** No card came of it. */
    public Mono<Void> ended(CardSetupId id, CardSetupStatus status, Instant at) {
        return db.sql("select card_setup_ended(:id, :status, :at)")
                .bind("id", id.value())
                .bind("status", status.name())
                .bind("at", at)
                .then();
    }

    /** Those whose workflow should be made sure of. */
    public Flux<CardSetupId> due(int limit, Duration pause, Instant now) {
        return starts.due(limit, pause, now).map(CardSetupId::new);
    }

    /** Earlier than planned: the start failed. */
    public Mono<Void> dueAt(CardSetupId id, Instant next) {
        return starts.dueAt(id.value(), next);
    }

    /** The workflow is over and nobody needs to look any more. */
    public Mono<Void> over(CardSetupId id) {
        return db.sql("update card_setups set start_due_at = null where id = :id and status not in ('NEW', 'OPEN')")
                .bind("id", id.value())
                .fetch()
                .rowsUpdated()
                .then();
    }
}
