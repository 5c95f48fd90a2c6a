package ai.callmeback.db.reconcile;

import static org.assertj.core.api.Assertions.assertThat;

import ai.callmeback.db.cost.CallQuantities;
import ai.callmeback.db.cost.CostRecorder;
import ai.callmeback.db.cost.OtherCosts;
import ai.callmeback.db.figures.Figure;
import ai.callmeback.db.figures.FigurePeriod;
import ai.callmeback.db.figures.Figures;
import ai.callmeback.db.figures.Grain;
import ai.callmeback.db.ledger.Ledger;
import ai.callmeback.db.reconcile.Reconciled.Outcome;
import ai.callmeback.db.reconcile.Reconciliation.Listening;
import ai.callmeback.db.testing.TestDatabase;
import ai.callmeback.domain.CallId;
import ai.callmeback.domain.UsdMicros;
import ai.callmeback.domain.UserId;
import ai.callmeback.domain.call.CallDirection;
import ai.callmeback.domain.usage.UsageTotals;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.YearMonth;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** Listening, speaking, other services, e-mails and bills; each test has a month of its own, and the ledger is proved after it. */
class UsageReconciliationTest {
    @RegisterExtension
    static final TestDatabase DB = TestDatabase.fresh();

    private static final Duration SOON = Duration.ofSeconds(20);
    private static final AtomicInteger MONTHS = new AtomicInteger();

    private final YearMonth month = YearMonth.of(2027, 1).plusMonths(MONTHS.incrementAndGet());
    private final LocalDate day = month.atDay(10);
    private final Instant midnight = Instant.parse(day + "T00:00:00Z");
    private final Instant at = midnight.plus(Duration.ofHours(10));
    private final Instant next = midnight.plus(Duration.ofDays(1));
    private final Instant now = midnight.plus(Duration.ofDays(3));

    private final Reconciliation books = new Reconciliation(DB.client());
    private final OtherCosts others = new OtherCosts(DB.client());
    private final UserId user = new UserId(UUID.randomUUID());

    @BeforeEach
    void person() {
        DB.execute("insert into users (id, email, password_hash, display_name, country, pseudonym, role) values ('"
                + user + "', '" + user + "@example.test', 'x', 'Kim', 'US', 'u-" + user + "', 'finance')");
    }

    @AfterEach
    void proved() {
        assertThat(get(Ledger.on(DB.client(), () -> now).audit()).violations()).isEmpty();
    }

    @Test
    void sessionsOfACallReplaceItsEstimateOnce() {
        CallId call = call(120_000);
        held("r1-" + call, call, 6_000);
        held("r2-" + call, call, 5_900);

        // Two minutes at $0.0059 were booked.
        assertThat(listening()).isEqualTo(new Listening(1, new UsdMicros(100), 0, 0));
        assertThat(held("r2-" + call, call, 5_900).outcome()).isEqualTo(Outcome.MATCHED);
        assertThat(listening()).as("a second run").isEqualTo(new Listening(0, UsdMicros.ZERO, 0, 0));
        assertThat(amount(call, "deepgram")).isEqualTo(11_900);
        assertThat(DB.query("select cost_usd_micros as cost from calls where id = '" + call + "'")
                        .getFirst())
                .containsEntry("cost", 11_900L + 20_000L);
        held("r3-" + call, call, 200_000);
        assertThat(listening()).as("a late one, and dear").isEqualTo(new Listening(1, new UsdMicros(200_000), 0, 1));
    }

    @Test
    void runsAtTheSameTimeCorrectACallOnce() {
        CallId call = call(120_000);
        held("r-" + call, call, 12_000);

        Flux.range(0, 6).flatMap(n -> books.listening(midnight, next, now)).blockLast(SOON);

        assertThat(amount(call, "deepgram")).isEqualTo(12_000);
    }

    @Test
    void whatHasNoMatchIsACase() {
        CallId heard = call(60_000);
        held("r-" + heard, heard, 5_900);
        CallId lost = call(60_000);
        assertThat(held("r-nobody-" + month, null, 5_900))
                .isEqualTo(new Reconciled(Outcome.MISSING_OURS, UsdMicros.ZERO, true));

        assertThat(listening()).isEqualTo(new Listening(0, UsdMicros.ZERO, 1, 1));
        assertThat(listening().casesOpened()).as("a second look").isZero();
        assertThat(cases()).contains("reconciliation_missing_theirs deepgram call " + lost);
    }

    @Test
    void aVendorThatNamesNoSessionAtAllIsOneCase() {
        call(60_000);
        call(60_000);

        assertThat(listening()).isEqualTo(new Listening(0, UsdMicros.ZERO, 2, 1));
        assertThat(cases()).contains("reconciliation_missing_theirs deepgram sessions from " + day);
    }

    @Test
    void aDayOfSpeechIsBroughtToWhatWasCharged() {
        speaking(1_000);

        assertThat(speech(150_000)).isEqualTo(new Reconciled(Outcome.MATCHED, UsdMicros.ZERO, false));
        assertThat(speech(200_000)).isEqualTo(new Reconciled(Outcome.CORRECTED, new UsdMicros(50_000), false));
        assertThat(speech(200_000).outcome()).as("a second run").isEqualTo(Outcome.MATCHED);
        assertThat(speech(450_000)).isEqualTo(new Reconciled(Outcome.CORRECTED, new UsdMicros(250_000), true));
        assertThat(speech(150_000).difference()).as("the vendor takes it back").isEqualTo(new UsdMicros(-300_000));

        FigurePeriod period = period();
        assertThat(period.figure("cost_elevenlabs").value()).isEqualByComparingTo("0.15");
        assertThat(period.figure("accrual_profit").value())
                .isEqualByComparingTo(period.figure("projected_profit").value());
    }

    @Test
    void otherServicesAndEMailsAreCostsThatLeadToTheirEntries() {
        get(books.servicesDay(day, new UsdMicros(30_000), at));
        assertThat(get(books.servicesDay(day, new UsdMicros(30_000), at)).outcome())
                .isEqualTo(Outcome.MATCHED);
        for (int n = 0; n < 3; n++) {
            others.mail("receipt/" + month, at).block(SOON);
        }
        others.mail("receipt/other-" + month, at).block(SOON);

        Figures figures = new Figures(DB.client());
        Figure twilio = period().figure("cost_twilio");
        assertThat(twilio.value()).isEqualByComparingTo("0.03");
        assertThat(period().figure("cost_resend").value()).as("two e-mails").isEqualByComparingTo("0.0008");
        assertThat(get(figures.entries("cost_twilio", midnight, now, 0, 10).collectList()))
                .singleElement()
                .satisfies(entry -> assertThat(entry.operation()).isEqualTo("services"));
        assertThat(period().figure("costs").value())
                .isEqualByComparingTo(period().figure("vendor_costs").value());
    }

    @Test
    void aMonthsBillsLessWhatItsCallsCarryArePlatformCosts() {
        call(60_000);
        call(60_000);

        OtherCosts.Billed first = bill("b1", 5_000_000);
        assertThat(first.carried()).isEqualTo(new UsdMicros(40_000));
        assertThat(first.booked()).isEqualTo(new UsdMicros(4_960_000));
        assertThat(bill("b1", 5_000_000)).as("a repeat").isEqualTo(first);
        assertThat(bill("b1", 6_000_000).conflict()).isTrue();
        assertThat(bill("b2", 1_000_000).booked()).isEqualTo(new UsdMicros(5_960_000));

        assertThat(period().figure("platform_costs").value()).isEqualByComparingTo("6.00");
        assertThat(get(others.bills(2).map(OtherCosts.Bill::month).collectList()))
                .containsExactly(month, month);
    }

    @Test
    void callsWhoseUsageNobodyReportedAreEstimatedFromTheirLength() {
        CallId call = bare(180);
        var models = new Reconciliation.Models("flux-general-en", "gpt-oss-120b", "eleven_flash_v2_5");

        assertThat(get(books.estimateUnreported(midnight, next, models, now))).isEqualTo(1);
        assertThat(get(books.estimateUnreported(midnight, next, models, now)))
                .as("again")
                .isZero();

        assertThat(DB.query(
                        "select vendor || ' ' || operation as what, trim_scale(quantity)::text as quantity, estimated"
                                + " from cost_lines where call_id = '" + call
                                + "' and vendor <> 'platform' order by 1"))
                .containsExactly(
                        Map.of("what", "deepgram listen", "quantity", "3", "estimated", true),
                        Map.of("what", "elevenlabs speech", "quantity", "1200", "estimated", true),
                        Map.of("what", "llm completion", "quantity", "3000", "estimated", true),
                        Map.of("what", "llm prompt", "quantity", "27000", "estimated", true));
        assertThat(period().figure("cost_elevenlabs").state().code()).isEqualTo("estimated");
    }

    @Test
    void aPayoutMustBeTheSumOfWhatItPays() {
        assertThat(payout("po_a" + month, "paid", 1_000_000, 1_000_000).outcome())
                .isEqualTo(Outcome.MATCHED);
        assertThat(payout("po_b" + month, "paid", 1_000_000, 990_000).caseOpened())
                .isTrue();
        assertThat(payout("po_b" + month, "paid", 1_000_000, 990_000).caseOpened())
                .isFalse();
        assertThat(payout("po_c" + month, "failed", 1_000_000, 1_000_000).caseOpened())
                .isTrue();
        assertThat(cases())
                .contains(
                        "reconciliation_payout_differs stripe payout po_b" + month,
                        "reconciliation_payout_failed stripe payout po_c" + month);
    }

    @Test
    void anUnusualShareOfChargedCallsIsToldOnceADay() {
        for (int n = 0; n < 20; n++) {
            settled(n < 16 ? "CHARGED" : "NOT_CHARGED");
        }
        assertThat(get(books.watchChargeRate(midnight, next, now))).as("80 %").isFalse();
        for (int n = 0; n < 10; n++) {
            settled("CHARGED");
        }
        assertThat(get(books.watchChargeRate(midnight, next, now))).as("87 %").isTrue();
        assertThat(get(books.watchChargeRate(midnight, next, now))).as("told").isFalse();
        assertThat(get(books.watchChargeRate(next, now, now)))
                .as("too few calls")
                .isFalse();
    }

    private CallId call(long heardMs) {
        CallId call = bare(Math.toIntExact(heardMs / 1_000));
        record(call, new UsageTotals(Map.of("flux-general-en", heardMs), Map.of(), Map.of(), Map.of()));
        return call;
    }

    private void speaking(long characters) {
        record(bare(10), new UsageTotals(Map.of(), Map.of(), Map.of(), Map.of("eleven_flash_v2_5", characters)));
    }

    private void record(CallId call, UsageTotals totals) {
        get(CostRecorder.on(DB.client(), () -> at)
                .record(call, at, CallQuantities.of(CallDirection.OUTBOUND, List.of(), totals, true)));
    }

    private CallId bare(int seconds) {
        CallId call = new CallId(UUID.randomUUID());
        DB.execute("insert into calls (id, user_id, request_hash, persona_id, phone_e164, planned_seconds, immediate,"
                + " scheduled_for, callback_policy, answered_at, ended_at, billed_seconds, costs_recorded_at, created_at,"
                + " updated_at) values ('" + call + "', '" + user + "', '', 'brad_001', '+14155550199', 300, true, '"
                + at
                + "', '{}', '" + at + "', '" + at + "', " + seconds + ", '" + at + "', '" + at + "', '" + at + "')");
        return call;
    }

    private void settled(String decision) {
        CallId call = bare(60);
        DB.execute("update calls set charge_decision = '" + decision + "', settled_at = '" + at + "' where id = '"
                + call + "'");
    }

    private Reconciled held(String ref, @org.jspecify.annotations.Nullable CallId call, long micros) {
        return get(books.session(ref, call, at, new UsdMicros(micros), now));
    }

    private Listening listening() {
        return get(books.listening(midnight, next, now));
    }

    private Reconciled speech(long micros) {
        return get(books.speechDay(day, new UsdMicros(micros), at.plus(Duration.ofHours(1))));
    }

    private Reconciled payout(String ref, String status, long micros, long net) {
        return get(books.payout(ref, status, at, new UsdMicros(micros), new UsdMicros(net), now));
    }

    private OtherCosts.Billed bill(String key, long micros) {
        return get(others.bill(
                new OtherCosts.NewBill(
                        UUID.randomUUID(), key + month, "Host", month, new UsdMicros(micros), "servers", user),
                at));
    }

    private FigurePeriod period() {
        return get(new Figures(DB.client()).report(midnight, now.plusSeconds(1), Grain.TOTAL, now))
                .total();
    }

    private static long amount(CallId call, String vendor) {
        return ((BigDecimal) Objects.requireNonNull(
                        DB.query("select sum(amount_micros) as micros from cost_lines where call_id = '" + call
                                        + "' and vendor = '" + vendor + "'")
                                .getFirst()
                                .get("micros")))
                .longValueExact();
    }

    private static List<String> cases() {
        return DB.query("select kind || ' ' || subject as name from money_cases").stream()
                .map(row -> String.valueOf(row.get("name")))
                .toList();
    }

    private static <T> T get(Mono<T> answer) {
        return Objects.requireNonNull(answer.block(SOON));
    }
}
