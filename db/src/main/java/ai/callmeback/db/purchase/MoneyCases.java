package ai.callmeback.db.purchase;

import java.time.Instant;
import org.springframework.r2dbc.core.DatabaseClient;
import org.springframework.stereotype.Repository;
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
}
