package ai.callmeback.db.figures;

import static org.assertj.core.api.Assertions.assertThat;

import ai.callmeback.db.cost.CallQuantities;
import ai.callmeback.db.cost.CostRecorder;
import ai.callmeback.db.testing.TestDatabase;
import ai.callmeback.domain.CallId;
import ai.callmeback.domain.call.CallDirection;
import ai.callmeback.domain.usage.UsageTotals;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import reactor.core.publisher.Mono;

/** How far figures can be trusted, and what calls add to them. That they are the books' sums: FiguresPropertyTest. */
class FiguresTest {
    @RegisterExtension
    static final TestDatabase DB = TestDatabase.fresh();

    private static final AtomicInteger DAYS = new AtomicInteger();

    // A day for each test, so that none sees what another booked.
    private final Instant day =
            Instant.parse("2026-09-20T00:00:00Z").plus(Duration.ofDays(7L * DAYS.incrementAndGet()));
    private final Instant at = day.plus(Duration.ofHours(10));
    private final Instant next = day.plus(Duration.ofDays(1));
    private final Instant read = next.plus(Duration.ofHours(9));

    private static final Duration SOON = Duration.ofSeconds(20);

    private final Figures figures = new Figures(DB.client());
    private String user = "";

    @BeforeEach
    void emptyBooks() {
        DB.execute("delete from reconciliation_runs; delete from money_cases");
        user = UUID.randomUUID().toString();
        DB.execute("insert into users (id, email, password_hash, display_name, country, pseudonym) values ('" + user
                + "', '" + user + "@example.test', 'x', 'Kim', 'US', 'u-" + user + "')");
    }

    @Test
    void callsThatWereNotChargedTellWhatTheyCostByReason() {
        FigurePeriod before = day();
        call("CHARGED", "BY_THE_SECOND", 180, 180);
        call("NOT_CHARGED", "TOO_SHORT", 12, 0);
        call("NOT_CHARGED", "VENDOR_FAULT", 70, 0);
        call("NOT_CHARGED", "VENDOR_FAULT", 30, 0);

        FigurePeriod after = day();

        assertThat(added(before, after, "calls_charged")).isEqualByComparingTo("1");
        assertThat(added(before, after, "calls_not_charged")).isEqualByComparingTo("3");
        assertThat(added(before, after, "connected_seconds")).isEqualByComparingTo("292");
        assertThat(added(before, after, "billed_seconds")).isEqualByComparingTo("180");
        assertThat(after.figure("uncharged_cost_too_short").value()).isEqualByComparingTo("0.034");
        assertThat(after.figure("uncharged_cost_vendor_fault").value()).isEqualByComparingTo("0.082");
        assertThat(after.figure("uncharged_cost").value()).isEqualByComparingTo("0.116");
        assertThat(after.figure("charge_rate").value()).isEqualByComparingTo("0.25");
        assertThat(after.figure("calls_not_charged_vendor_fault").value()).isEqualByComparingTo("2");
        assertThat(after.figure("mean_seconds_not_charged_vendor_fault").value())
                .isEqualByComparingTo("50");
        assertThat(after.figure("mean_seconds_not_charged").value()).isEqualByComparingTo("37.3");
        assertThat(after.figure("mean_seconds_charged").value()).isEqualByComparingTo("180");
        // Telephony: 3 + 1 + 2 + 1 minutes at $0.014, over 292 s; all of it with 4 x $0.02 over 180 s.
        assertThat(after.figure("raw_cost_per_connected_minute").value()).isEqualByComparingTo("0.020137");
        assertThat(after.figure("loaded_cost_per_billed_minute").value()).isEqualByComparingTo("0.059333");
        assertThat(get(figures.entries("uncharged_cost_vendor_fault", day, next, 0, 100)
                        .collectList()))
                .hasSize(4)
                .allSatisfy(entry -> assertThat(entry.callId()).isNotNull());
        assertThat(get(figures.entries("cost_twilio", day, next, 0, 100).collectList()))
                .extracting(FigureEntry::vendor)
                .containsOnly("twilio");
    }

    @Test
    void figuresAreReconciledOnceRunsCoverThemAndNothingIsOpen() {
        DB.execute("select ledger_grant('k-" + user + "', '" + user + "', 1500, 'pack', 14990000, 100, null, '" + at
                + "')");
        assertThat(day().figure("cash_in").state()).isEqualTo(FigureState.PROVISIONAL);
        assertThat(day().figure("cash_in").at()).isEqualTo(read);

        run(day, day.plus(Duration.ofHours(12)), read);
        assertThat(day().figure("cash_in").state()).as("half of it").isEqualTo(FigureState.PROVISIONAL);
        // Asked for until tomorrow, it could only see what there was when it began.
        run(day.plus(Duration.ofHours(11)), read.plus(Duration.ofDays(1)), read);
        assertThat(day().figure("cash_in").state()).isEqualTo(FigureState.RECONCILED);
        assertThat(day().figure("cash_in").at()).isEqualTo(read.plusSeconds(60));
        assertThat(report(Grain.TOTAL, day, read.plusSeconds(1))
                        .total()
                        .figure("cash_in")
                        .state())
                .isEqualTo(FigureState.PROVISIONAL);

        DB.execute("insert into money_cases (kind, subject, detail, opened_at) values"
                + " ('reconciliation_missing_theirs', 'stripe charge pi_1', 'x', '" + read + "')");
        assertThat(day().figure("cash_in").state()).as("a case is open").isEqualTo(FigureState.PROVISIONAL);
        assertThat(day().figure("charge_rate").state()).isEqualTo(FigureState.RECONCILED);
        assertThat(day().figure("projected_profit").state()).isNotEqualTo(FigureState.RECONCILED);
    }

    @Test
    void aFeeThatIsNotKnownYetMakesItAnEstimate() {
        DB.execute("select ledger_fee('pi_" + user + "', 734710, true, '" + at + "')");
        assertThat(day().figure("fees").state()).isEqualTo(FigureState.ESTIMATED);
        assertThat(day().figure("contribution").state()).isEqualTo(FigureState.ESTIMATED);

        DB.execute("select ledger_fee('pi_" + user + "', 740000, false, '" + at + "')");

        assertThat(day().figure("fees").state()).isEqualTo(FigureState.PROVISIONAL);
    }

    @Test
    void aRangeIsCutAtMidnightMondayAndTheFirst() {
        Instant from = Instant.parse("2026-10-30T12:00:00Z");
        Instant until = Instant.parse("2026-11-10T06:00:00Z");
        assertThat(starts(Grain.WEEK, from, until))
                .containsExactly("2026-10-30T12:00:00Z", "2026-11-02T00:00:00Z", "2026-11-09T00:00:00Z");
        assertThat(starts(Grain.MONTH, from, until)).containsExactly("2026-10-30T12:00:00Z", "2026-11-01T00:00:00Z");
        assertThat(starts(Grain.DAY, from, until)).hasSize(12);
        assertThat(starts(Grain.TOTAL, from, until)).hasSize(1);
        assertThat(Figures.fits(from, from.plus(Duration.ofDays(399)), Grain.DAY))
                .isTrue();
        assertThat(Figures.fits(from, from.plus(Duration.ofDays(401)), Grain.DAY))
                .isFalse();
        assertThat(Figures.fits(from, from, Grain.DAY)).isFalse();
    }

    private List<String> starts(Grain grain, Instant from, Instant until) {
        return report(grain, from, until).periods().stream()
                .map(period -> period.from().toString())
                .toList();
    }

    private void call(String decision, String reason, int connected, int charged) {
        CallId call = new CallId(UUID.randomUUID());
        DB.execute("insert into calls (id, user_id, request_hash, persona_id, phone_e164, planned_seconds, immediate,"
                + " scheduled_for, callback_policy, charge_decision, charge_reason, billed_seconds, charged_seconds,"
                + " settled_at, created_at, updated_at) values ('" + call + "', '" + user
                + "', '', 'brad_001', '+14155550199', 300, true, '" + at + "', '{}', '" + decision + "', '" + reason
                + "', " + connected + ", " + charged + ", '" + at + "', '" + at + "', '" + at + "')");
        get(CostRecorder.on(DB.client(), () -> at)
                .record(
                        call,
                        at,
                        CallQuantities.of(CallDirection.OUTBOUND, List.of((long) connected), UsageTotals.NONE, true)));
    }

    private void run(Instant from, Instant until, Instant began) {
        DB.execute("insert into reconciliation_runs (id, from_at, until_at, started_by, created_at, finished_at) values"
                + " (gen_random_uuid(), '" + from + "', '" + until + "', 'schedule', '" + began + "', '"
                + began.plusSeconds(60) + "')");
    }

    private FigurePeriod day() {
        return report(Grain.DAY, day, next).total();
    }

    private FigureReport report(Grain grain, Instant from, Instant until) {
        return get(figures.report(from, until, grain, read));
    }

    private static BigDecimal added(FigurePeriod before, FigurePeriod after, String name) {
        return Objects.requireNonNull(after.figure(name).value())
                .subtract(Objects.requireNonNull(before.figure(name).value()));
    }

    private static <T> T get(Mono<T> answer) {
        return Objects.requireNonNull(answer.block(SOON));
    }
}
