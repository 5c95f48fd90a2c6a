package ai.callmeback.db.budget;

import ai.callmeback.domain.CallId;
import ai.callmeback.domain.UsdMicros;
import ai.callmeback.domain.UserId;
import io.r2dbc.spi.Readable;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.Objects;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.r2dbc.core.DatabaseClient;
import org.springframework.r2dbc.core.DatabaseClient.GenericExecuteSpec;
import org.springframework.stereotype.Repository;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** Budgets, what is spent of them, and the e-mails owed about that. */
@Repository
public class Budgets {
    private final DatabaseClient db;

    public Budgets(DatabaseClient db) {
        this.db = db;
    }

    /** Sets both budgets; null means none. */
    public Mono<Void> set(
            UserId user, @Nullable UsdMicros daily, @Nullable UsdMicros monthly, int alertPercent, Instant at) {
        var call = db.sql("""
                        insert into budgets values (:user, :daily, :monthly, :alert, :at)
                        on conflict (user_id) do update set daily_micros = excluded.daily_micros,
                          monthly_micros = excluded.monthly_micros, alert_percent = excluded.alert_percent,
                          updated_at = excluded.updated_at""")
                .bind("user", user.value())
                .bind("alert", alertPercent)
                .bind("at", at);
        return bind(bind(call, "daily", daily), "monthly", monthly)
                .fetch()
                .rowsUpdated()
                .then();
    }

    public Mono<Budget> find(UserId user, Instant at) {
        return db.sql("select * from budget_periods(:user, :at) order by period")
                .bind("user", user.value())
                .bind("at", at)
                .map(row -> new Read(period(row), of(row, "alert_percent", Integer.class)))
                .all()
                .collectList()
                .map(read -> new Budget(read.getFirst().period, read.getLast().period, read.getFirst().alertPercent));
    }

    private record Read(Budget.Period period, int alertPercent) {}

    private static Budget.Period period(Readable row) {
        Long limit = row.get("budget_micros", Long.class);
        return new Budget.Period(
                of(row, "period_start", LocalDate.class),
                limit == null ? null : new UsdMicros(limit),
                micros(row, "spent_micros"));
    }

    /** The period ({@code day}, {@code month}) whose budget is used up; empty when none is. Notes e-mails that are owed. */
    public Mono<String> watch(UserId user, Instant at) {
        return db.sql("select coalesce(budget_watch(:user, 0, :at), '') as up")
                .bind("user", user.value())
                .bind("at", at)
                .mapValue(String.class)
                .one()
                .filter(period -> !period.isEmpty());
    }

    /** Keeps what a call costs so far; answers like {@link #watch}, as of half a minute from now at the call's pace. */
    public Mono<String> watchCall(CallId call, UsdMicros running, Instant at) {
        return db.sql("select coalesce(budget_watch_call(:call, :running, :at), '') as up")
                .bind("call", call.value())
                .bind("running", running.amountMicros())
                .bind("at", at)
                .mapValue(String.class)
                .one()
                .filter(period -> !period.isEmpty());
    }

    /** Takes notices to send; each comes again after {@code lease} unless it is {@link #done}. */
    public Flux<BudgetNotice> lease(int limit, Duration lease, Instant now) {
        return db.sql("""
                        with due as (select user_id, period, period_start, kind from budget_notices where send_at <= :now
                                     order by send_at limit :limit for update skip locked)
                        update budget_notices n set send_at = :again, attempts = attempts + 1 from due d
                        where (n.user_id, n.period, n.period_start, n.kind)
                              = (d.user_id, d.period, d.period_start, d.kind)
                        returning n.*""")
                .bind("now", now)
                .bind("limit", limit)
                .bind("again", now.plus(lease))
                .map(row -> new BudgetNotice(
                        new UserId(of(row, "user_id", UUID.class)),
                        of(row, "period", String.class),
                        of(row, "period_start", LocalDate.class),
                        of(row, "kind", String.class).equals("used_up"),
                        micros(row, "spent_micros"),
                        micros(row, "budget_micros"),
                        of(row, "attempts", Integer.class)))
                .all();
    }

    /** It was sent, or will never be. */
    public Mono<Void> done(BudgetNotice notice, String outcome) {
        return one("update budget_notices set send_at = null, outcome = :value ", notice)
                .bind("value", outcome)
                .fetch()
                .rowsUpdated()
                .then();
    }

    /** It could not be sent for now. */
    public Mono<Void> again(BudgetNotice notice, Instant at) {
        return one("update budget_notices set send_at = :value ", notice)
                .bind("value", at)
                .fetch()
                .rowsUpdated()
                .then();
    }

    private GenericExecuteSpec one(String update, BudgetNotice notice) {
        return db.sql(update + """
                         where user_id = :user and period = :period and period_start = :start and kind = :kind
                         and outcome is null""")
                .bind("user", notice.userId().value())
                .bind("period", notice.period())
                .bind("start", notice.periodStart())
                .bind("kind", notice.usedUp() ? "used_up" : "alert");
    }

    private static GenericExecuteSpec bind(GenericExecuteSpec call, String name, @Nullable UsdMicros amount) {
        return amount == null ? call.bindNull(name, Long.class) : call.bind(name, amount.amountMicros());
    }

    private static UsdMicros micros(Readable row, String column) {
        return new UsdMicros(of(row, column, Long.class));
    }

    private static <T> T of(Readable row, String column, Class<T> type) {
        return Objects.requireNonNull(row.get(column, type), column);
    }
}
