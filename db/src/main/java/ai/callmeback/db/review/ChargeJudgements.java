package ai.callmeback.db.review;

import ai.callmeback.db.review.ChargeJudgement.Verdict;
import ai.callmeback.domain.CallId;
import io.r2dbc.spi.Readable;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.springframework.r2dbc.core.DatabaseClient;
import org.springframework.r2dbc.core.DatabaseClient.GenericExecuteSpec;
import org.springframework.stereotype.Repository;
import reactor.core.publisher.Mono;

/** What a language model said about calls; once per call. */
@Repository
public class ChargeJudgements {
    private final DatabaseClient db;

    public ChargeJudgements(DatabaseClient db) {
        this.db = db;
    }

    /** Keeps what was said, and answers what stands: the first. */
    public Mono<ChargeJudgement> keep(CallId call, ChargeJudgement said) {
        GenericExecuteSpec insert = db.sql("""
                        insert into charge_judgements (call_id, verdict, confidence, evidence_turns, model, failure, judged_at)
                        values (:call, :verdict, :confidence, :turns, :model, :failure, :at)
                        on conflict (call_id) do nothing""")
                .bind("call", call.value())
                .bind("turns", said.evidenceTurns().toArray(Integer[]::new))
                .bind("at", said.at());
        Verdict verdict = said.verdict();
        insert =
                bind(insert, "verdict", verdict == null ? null : verdict.name().toLowerCase(Locale.ROOT), String.class);
        insert = bind(insert, "confidence", said.confidence(), BigDecimal.class);
        insert = bind(insert, "model", said.model(), String.class);
        insert = bind(insert, "failure", said.failure(), String.class);
        return insert.fetch().rowsUpdated().then(Mono.defer(() -> find(call)));
    }

    /** Empty: the rules left nothing open. */
    public Mono<ChargeJudgement> find(CallId call) {
        return db.sql("select * from charge_judgements where call_id = :call")
                .bind("call", call.value())
                .map(row -> judgement(row))
                .one();
    }

    private static ChargeJudgement judgement(Readable row) {
        String verdict = row.get("verdict", String.class);
        Integer[] turns = Objects.requireNonNull(row.get("evidence_turns", Integer[].class));
        return new ChargeJudgement(
                verdict == null ? null : Verdict.valueOf(verdict.toUpperCase(Locale.ROOT)),
                row.get("confidence", BigDecimal.class),
                List.copyOf(Arrays.asList(turns)),
                row.get("model", String.class),
                row.get("failure", String.class),
                Objects.requireNonNull(row.get("judged_at", Instant.class)));
    }

    private static <T> GenericExecuteSpec bind(GenericExecuteSpec spec, String name, @Nullable T value, Class<T> type) {
        return value == null ? spec.bindNull(name, type) : spec.bind(name, value);
    }
}
