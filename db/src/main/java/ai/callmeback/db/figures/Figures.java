package ai.callmeback.db.figures;

import ai.callmeback.domain.UsdMicros;
import io.r2dbc.spi.Readable;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.r2dbc.core.DatabaseClient;
import org.springframework.stereotype.Repository;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;

/** Figures, read from the books whenever they are asked for: there is no second book that could differ. */
@Repository
public class Figures {
    /** A year and a month of days. */
    public static final int MOST_PERIODS = 400;

    private static final Duration LONGEST_READ = Duration.ofSeconds(60);

    private final DatabaseClient db;

    public Figures(DatabaseClient db) {
        this.db = db;
    }

    /** Whether a range has no more than {@link #MOST_PERIODS} periods of a grain, and at least one. */
    public static boolean fits(Instant from, Instant until, Grain grain) {
        int periods = 0;
        for (Instant at = from; at.isBefore(until); at = grain.next(at, until)) {
            if (++periods > MOST_PERIODS) {
                return false;
            }
        }
        return periods > 0;
    }

    /**
     * The figures of a range, of one moment. A posting belongs to the period in which it was booked.
     *
     * @param until not included
     */
    public Mono<FigureReport> report(Instant from, Instant until, Grain grain, Instant readAt) {
        return db.sql("select * from figures_facts(:from, :until, :grain)")
                .bind("from", from)
                .bind("until", until)
                .bind("grain", grain.code())
                .map(Figures::fact)
                .all()
                .collectList()
                .timeout(LONGEST_READ)
                // Four hundred periods are some work, and the thread of a connection has others waiting.
                .publishOn(Schedulers.boundedElastic())
                .map(facts -> {
                    List<FigurePeriod> periods = new ArrayList<>();
                    for (Instant at = from; at.isBefore(until); at = grain.next(at, until)) {
                        Instant next = grain.next(at, until);
                        periods.add(new FigureSheet(facts, at, next.isBefore(until) ? next : until, readAt).work());
                    }
                    FigurePeriod total = new FigureSheet(facts, from, until, readAt).work();
                    return new FigureReport(grain, readAt, total, periods);
                });
    }

    /** Whether a figure of that name is summed from entries, which can be shown. */
    public static boolean isDrillable(String name) {
        return FigureBook.find(name)
                .filter(basis -> !(basis instanceof Basis.Sum))
                .isPresent();
    }

    /**
     * The entries behind a figure, in the order of their postings; together they are the figure. Of a balance: from the
     * first entry on.
     *
     * @throws IllegalArgumentException unless {@link #isDrillable}
     */
    public Flux<FigureEntry> entries(String name, Instant from, Instant until, long skip, int limit) {
        Basis basis = FigureBook.find(name).orElseThrow(() -> new IllegalArgumentException(name));
        DatabaseClient.GenericExecuteSpec asked = switch (basis) {
            case Basis.Entries entries -> ofEntries(entries, from);
            case Basis.Costs costs -> ofCosts(costs, from);
            case Basis.Sum sum -> throw new IllegalArgumentException(name);
        };
        boolean seconds = basis instanceof Basis.Entries entries && entries.unit() == FigureUnit.SECONDS;
        return asked.bind("until", until)
                .bind("skip", skip)
                .bind("limit", limit)
                .map(row -> entry(row, seconds))
                .all()
                .timeout(LONGEST_READ);
    }

    private DatabaseClient.GenericExecuteSpec ofEntries(Basis.Entries entries, Instant from) {
        return db.sql("""
                        select p.id, e.line, p.kind, p.business_key, e.account, e.amount * :sign as amount, p.occurred_at,
                               coalesce(e.user_id, p.user_id) as user_id, coalesce(e.hold_id, p.hold_id) as call_id,
                               e.grant_id, null::text as vendor, null::text as operation
                        from ledger_postings p join ledger_entries e on e.posting_id = p.id
                        where p.occurred_at >= :from and p.occurred_at < :until
                          and e.account = any(:accounts) and e.unit = :unit
                          and (cardinality(:kinds) = 0 or p.kind = any(:kinds)) and p.kind <> all(:without)
                        order by p.id, e.line offset :skip limit :limit""")
                .bind("sign", entries.sign())
                .bind("from", entries.standing() ? Instant.EPOCH : from)
                .bind("accounts", entries.accounts().toArray(String[]::new))
                .bind("unit", entries.ledgerUnit())
                .bind("kinds", entries.kinds().toArray(String[]::new))
                .bind("without", entries.withoutKinds().toArray(String[]::new));
    }

    private DatabaseClient.GenericExecuteSpec ofCosts(Basis.Costs costs, Instant from) {
        return db.sql("""
                        select p.id, null::integer as line, p.kind, p.business_key, 'cost' as account,
                               l.amount_micros as amount, p.occurred_at, c.user_id, l.call_id, null::uuid as grant_id,
                               l.vendor, l.operation
                        from (select call_id, vendor, operation, model, revision, amount_micros, posting_id from cost_lines
                              union all
                              select null, vendor, operation, '', 0, amount_micros, posting_id from other_costs) l
                        join ledger_postings p on p.id = l.posting_id left join calls c on c.id = l.call_id
                        where p.occurred_at >= :from and p.occurred_at < :until
                          and (:vendor = '' or l.vendor = :vendor) and l.vendor <> :but
                          and (:decision = '' or lower(c.charge_decision) = :decision)
                          and (:reason = '' or lower(c.charge_reason) = :reason)
                        order by p.id, l.vendor, l.operation, l.model, l.revision offset :skip limit :limit""")
                .bind("from", from)
                .bind("vendor", Objects.requireNonNullElse(costs.vendor(), ""))
                .bind("but", Objects.requireNonNullElse(costs.butVendor(), ""))
                .bind("decision", Objects.requireNonNullElse(costs.decision(), ""))
                .bind("reason", Objects.requireNonNullElse(costs.reason(), ""));
    }

    private static Fact fact(Readable row) {
        return new Fact(
                of(row, "section", String.class),
                row.get("period", Instant.class),
                of(row, "a", String.class),
                of(row, "b", String.class),
                of(row, "c", String.class),
                of(row, "amount", Long.class),
                of(row, "n", Long.class),
                of(row, "m", Long.class));
    }

    private static FigureEntry entry(Readable row, boolean seconds) {
        long amount = of(row, "amount", Long.class);
        return new FigureEntry(
                of(row, "id", Long.class),
                row.get("line", Integer.class),
                of(row, "kind", String.class),
                of(row, "business_key", String.class),
                of(row, "account", String.class),
                seconds ? BigDecimal.valueOf(amount) : new UsdMicros(amount).toUsd(),
                of(row, "occurred_at", Instant.class),
                row.get("user_id", UUID.class),
                row.get("call_id", UUID.class),
                row.get("grant_id", UUID.class),
                row.get("vendor", String.class),
                row.get("operation", String.class));
    }

    private static <T> T of(Readable row, String column, Class<T> type) {
        @Nullable T value = row.get(column, type);
        return Objects.requireNonNull(value, column);
    }
}
