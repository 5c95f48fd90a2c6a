package ai.callmeback.db.figures;

import ai.callmeback.domain.UserId;
import io.r2dbc.postgresql.codec.Json;
import io.r2dbc.spi.Readable;
import java.math.BigDecimal;
import java.time.Instant;
import java.time.LocalDate;
import java.time.YearMonth;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.springframework.r2dbc.core.DatabaseClient;
import org.springframework.stereotype.Repository;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Months that were closed: their figures are kept, and compared with the books whenever they are read. */
@Repository
public class MonthClosings {
    private static final JsonMapper JSON = JsonMapper.shared();

    private final DatabaseClient db;
    private final Figures figures;

    public MonthClosings(DatabaseClient db, Figures figures) {
        this.db = db;
        this.figures = figures;
    }

    /** Keeps the figures of a month that is over; a month that is closed stays as it was closed. */
    public Mono<MonthClosing> close(YearMonth month, String note, UserId by, Instant at) {
        return totals(month, at)
                .flatMap(totals -> db.sql("""
                                insert into month_closings (month, figures, open_cases, note, closed_by, closed_at)
                                select :month, :figures, count(*), :note, :by, :at from money_cases where state = 'open'
                                on conflict (month) do nothing""")
                        .bind("month", month.atDay(1))
                        .bind("figures", Json.of(JSON.writeValueAsString(totals)))
                        .bind("note", note)
                        .bind("by", by.value())
                        .bind("at", at)
                        .fetch()
                        .rowsUpdated())
                .then(Mono.defer(() -> find(month, at)));
    }

    /** The latest first. */
    public Flux<MonthClosing> latest(int limit, Instant at) {
        return db.sql("select * from month_closings order by month desc limit :limit")
                .bind("limit", limit)
                .map(row -> kept(row))
                .all()
                .concatMap(kept -> compared(kept, at));
    }

    private Mono<MonthClosing> find(YearMonth month, Instant at) {
        return db.sql("select * from month_closings where month = :month")
                .bind("month", month.atDay(1))
                .map(row -> kept(row))
                .one()
                .flatMap(kept -> compared(kept, at));
    }

    private Mono<MonthClosing> compared(MonthClosing kept, Instant at) {
        return totals(kept.month(), at).map(now -> {
            JsonNode then = JSON.readTree(kept.figures());
            List<String> differing = new ArrayList<>();
            now.forEach((name, value) -> {
                BigDecimal before =
                        then.has(name) ? new BigDecimal(then.path(name).asString()) : null;
                if (before != null && before.compareTo(new BigDecimal(value)) != 0) {
                    differing.add(name);
                }
            });
            return new MonthClosing(
                    kept.month(), kept.figures(), kept.openCases(), kept.note(), kept.closedAt(), differing);
        });
    }

    /** What can be said, by name. */
    private Mono<Map<String, String>> totals(YearMonth month, Instant at) {
        return figures.report(start(month), start(month.plusMonths(1)), Grain.TOTAL, at)
                .map(report -> {
                    Map<String, String> totals = new TreeMap<>();
                    for (Figure figure : report.total().figures()) {
                        BigDecimal value = figure.value();
                        if (value != null) {
                            totals.put(figure.name(), value.toPlainString());
                        }
                    }
                    return totals;
                });
    }

    private static Instant start(YearMonth month) {
        return month.atDay(1).atStartOfDay(ZoneOffset.UTC).toInstant();
    }

    private static MonthClosing kept(Readable row) {
        return new MonthClosing(
                YearMonth.from(of(row, "month", LocalDate.class)),
                of(row, "figures", String.class),
                of(row, "open_cases", Long.class),
                of(row, "note", String.class),
                of(row, "closed_at", Instant.class),
                List.of());
    }

    private static <T> T of(Readable row, String column, Class<T> type) {
        @Nullable T value = row.get(column, type);
        return Objects.requireNonNull(value, column);
    }
}
