package ai.callmeback.db.usage;

import ai.callmeback.db.cost.CallQuantities;
import ai.callmeback.db.cost.CostTotal;
import ai.callmeback.db.cost.PriceBook;
import ai.callmeback.domain.CallId;
import ai.callmeback.domain.call.CallDirection;
import ai.callmeback.domain.usage.UsageReport;
import ai.callmeback.domain.usage.UsageTotals;
import io.r2dbc.spi.Readable;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.springframework.r2dbc.core.DatabaseClient;
import reactor.core.publisher.Mono;
import tools.jackson.databind.json.JsonMapper;

/** Snapshots are rows; what is current is the highest sequence of each leg. */
final class R2dbcUsageStore implements UsageStore {

    private static final JsonMapper JSON = JsonMapper.shared();
    private static final long MS_PER_SECOND = 1_000;

    private final DatabaseClient client;
    private final PriceBook prices;

    R2dbcUsageStore(DatabaseClient client, PriceBook prices) {
        this.client = client;
        this.prices = prices;
    }

    private static final String INSERT = """
            insert into usage_snapshots (call_id, media_leg, sequence, reported_at, position_ms, last, totals)
              values ($1, $2, $3, $4, $5, $6, $7::jsonb)
              on conflict (call_id, media_leg, sequence) do nothing
            """;

    @Override
    public Mono<Boolean> record(UsageReport report) {
        return insert(INSERT, report);
    }

    @Override
    public Mono<Boolean> recordLate(UsageReport report) {
        return insert("with stored as (" + INSERT + """
                          returning call_id, media_leg, sequence)
                        insert into call_outbox (call_id, kind, created_at, next_attempt_at)
                          select call_id, 'costs:' || media_leg || ':' || sequence, now(), now() from stored
                          on conflict do nothing
                        """, report);
    }

    private Mono<Boolean> insert(String sql, UsageReport report) {
        return client.sql(sql)
                .bind(0, report.callId().value())
                .bind(1, report.mediaLeg())
                .bind(2, report.sequence())
                .bind(3, report.at())
                .bind(4, report.positionMs())
                .bind(5, report.last())
                .bind(6, JSON.writeValueAsString(report.totals()))
                .fetch()
                .rowsUpdated()
                .map(rows -> rows > 0);
    }

    @Override
    public Mono<UsageSummary> summary(CallId callId) {
        return client.sql("""
                        select distinct on (media_leg) reported_at, position_ms, last, totals
                        from usage_snapshots where call_id = $1 order by media_leg, sequence desc
                        """)
                .bind(0, callId.value())
                .map(row -> legOf(row))
                .all()
                .reduce(UsageSummary.NONE, R2dbcUsageStore::add);
    }

    @Override
    public Mono<CostTotal> runningCost(CallId callId) {
        return summary(callId).flatMap(summary -> {
            Instant at = Objects.requireNonNullElse(summary.lastReportAt(), Instant.EPOCH);
            List<Long> connected = List.of(Math.ceilDiv(summary.talkMs(), MS_PER_SECOND));
            return direction(callId)
                    .flatMap(direction -> prices.quote(
                            at, CallQuantities.of(direction, connected, summary.totals(), summary.complete())));
        });
    }

    private Mono<CallDirection> direction(CallId callId) {
        return client.sql("select direction from calls where id = $1")
                .bind(0, callId.value())
                .mapValue(String.class)
                .one()
                .map(CallDirection::valueOf)
                .defaultIfEmpty(CallDirection.OUTBOUND);
    }

    private static UsageSummary legOf(Readable row) {
        return new UsageSummary(
                JSON.readValue(Objects.requireNonNull(row.get("totals", String.class)), UsageTotals.class),
                Objects.requireNonNull(row.get("position_ms", Long.class)),
                Boolean.TRUE.equals(row.get("last", Boolean.class)),
                row.get("reported_at", Instant.class));
    }

    private static UsageSummary add(UsageSummary sum, UsageSummary leg) {
        Instant sumAt = sum.lastReportAt();
        Instant legAt = leg.lastReportAt();
        return new UsageSummary(
                new UsageTotals(
                        add(sum.totals().sttAudioMs(), leg.totals().sttAudioMs()),
                        add(sum.totals().llmPromptTokens(), leg.totals().llmPromptTokens()),
                        add(sum.totals().llmCompletionTokens(), leg.totals().llmCompletionTokens()),
                        add(sum.totals().ttsCharacters(), leg.totals().ttsCharacters())),
                sum.talkMs() + leg.talkMs(),
                sum.complete() && leg.complete(),
                sumAt == null || (legAt != null && legAt.isAfter(sumAt)) ? legAt : sumAt);
    }

    private static Map<String, Long> add(Map<String, Long> some, Map<String, Long> more) {
        Map<String, Long> sum = new HashMap<>(some);
        more.forEach((model, count) -> sum.merge(model, count, Long::sum));
        return sum;
    }
}
