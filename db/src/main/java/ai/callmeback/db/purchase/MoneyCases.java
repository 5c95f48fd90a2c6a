package ai.callmeback.db.purchase;

import static ai.callmeback.db.row.Columns.number;
import static ai.callmeback.db.row.Columns.text;

import ai.callmeback.db.row.Columns;
import ai.callmeback.domain.UserId;
import io.r2dbc.spi.Readable;
import java.time.Instant;
import java.util.Locale;
import org.springframework.r2dbc.core.DatabaseClient;
import org.springframework.stereotype.Repository;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** What finance must look at. */
@Repository
public class MoneyCases {
    private final DatabaseClient db;

    public MoneyCases(DatabaseClient db) {
        this.db = db;
    }

    /**
     * Opens a case; the same kind and subject again is the same case.
     *
     * @param kind a stable code
     * @param subject what it is about, such as {@code purchase <id>}; no personal data
     * @param detail figures found and expected
     */
    public Mono<Boolean> open(String kind, String subject, String detail, Instant at) {
        return db.sql("""
                        insert into money_cases (kind, subject, detail, opened_at) values (:kind, :subject, :detail, :at)
                        on conflict on constraint money_cases_once do nothing""")
                .bind("kind", kind)
                .bind("subject", subject)
                .bind("detail", detail)
                .bind("at", at)
                .fetch()
                .rowsUpdated()
                .map(opened -> opened == 1);
    }

    /**
     * The newest first.
     *
     * @param before only those opened before the case of this id
     */
    public Flux<MoneyCase> list(MoneyCase.State state, long before, int limit) {
        return db.sql("select * from money_cases where state = :state and id < :before order by id desc limit :limit")
                .bind("state", state.name().toLowerCase(Locale.ROOT))
                .bind("before", before)
                .bind("limit", limit)
                .map(row -> moneyCase(row))
                .all();
    }

    public Mono<MoneyCase> find(long id) {
        return db.sql("select * from money_cases where id = :id")
                .bind("id", id)
                .map(row -> moneyCase(row))
                .one();
    }

    /** Closes a case, once; the first words stand. */
    public Mono<MoneyCase.Resolved> resolve(long id, UserId by, String resolution, Instant at) {
        return db.sql("select money_case_resolve(:id, :by, :resolution, :at) as outcome")
                .bind("id", id)
                .bind("by", by.value())
                .bind("resolution", resolution)
                .bind("at", at)
                .map(row -> MoneyCase.Resolved.valueOf(text(row, "outcome").toUpperCase(Locale.ROOT)))
                .one();
    }

    private static MoneyCase moneyCase(Readable row) {
        return new MoneyCase(
                number(row, "id"),
                text(row, "kind"),
                text(row, "subject"),
                text(row, "detail"),
                MoneyCase.State.valueOf(text(row, "state").toUpperCase(Locale.ROOT)),
                text(row, "owner"),
                Columns.of(row, "opened_at", Instant.class),
                row.get("closed_at", Instant.class),
                row.get("resolution", String.class));
    }
}
