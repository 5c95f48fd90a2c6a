package ai.callmeback.db.reconcile;

import static org.assertj.core.api.Assertions.assertThat;

import ai.callmeback.db.cost.CallQuantities;
import ai.callmeback.db.cost.CostRecorder;
import ai.callmeback.db.ledger.Ledger;
import ai.callmeback.db.reconcile.Reconciled.Outcome;
import ai.callmeback.db.reconcile.Reconciliation.Kind;
import ai.callmeback.db.reconcile.Reconciliation.Movement;
import ai.callmeback.db.testing.TestDatabase;
import ai.callmeback.domain.CallId;
import ai.callmeback.domain.UsdMicros;
import ai.callmeback.domain.call.CallDirection;
import ai.callmeback.domain.usage.UsageTotals;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** Vendors' records against our books on a real PostgreSQL; after each test the ledger is proved. */
class ReconciliationTest {
    @RegisterExtension
    static final TestDatabase DB = TestDatabase.fresh();

    private static final Instant AT = Instant.parse("2026-11-20T10:00:00Z");
    private static final Instant NOW = Instant.parse("2026-11-22T05:00:00Z");
    private static final Duration SOON = Duration.ofSeconds(20);
    private static final AtomicInteger SIDS = new AtomicInteger();

    private final Reconciliation books = new Reconciliation(DB.client());
    private String user = "";

    @BeforeEach
    void person() {
        user = UUID.randomUUID().toString();
        DB.execute("insert into users (id, email, password_hash, display_name, country, pseudonym) values ('" + user
                + "', '" + user + "@example.test', 'x', 'Kim', 'US', 'u-" + user + "')");
    }

    @Test
    void anEstimateIsCorrectedByALineOfItsOwnOnce() {
        CallId call = call(true);
        String sid = dial(call, 1, 187);
        List<Map<String, Object>> before = lines(call);

        assertThat(held(sid, 48_000L)).isEqualTo(new Reconciled(Outcome.CORRECTED, new UsdMicros(-8_000), false));
        long postings = postings();
        assertThat(held(sid, 48_000L)).isEqualTo(new Reconciled(Outcome.MATCHED, UsdMicros.ZERO, false));

        assertThat(postings()).as("a second run").isEqualTo(postings);
        assertThat(lines(call)).containsAll(before).hasSize(before.size() + 1);
        assertThat(DB.query("select quantity, unit, amount_micros, estimated from cost_lines where call_id = '" + call
                        + "' and operation = 'voice_actual'"))
                .singleElement()
                .satisfies(line ->
                        assertThat(line).containsEntry("amount_micros", -8_000L).containsEntry("estimated", false));
        assertThat(costOf(call)).isEqualTo(48_000 + 20_000);
        assertThat(held(sid, 56_000L).difference()).as("a later price").isEqualTo(new UsdMicros(8_000));
        assertThat(costOf(call)).isEqualTo(56_000 + 20_000);
        proved();
    }

    @Test
    void runsAtTheSameTimeCorrectOnce() {
        CallId call = call(true);
        String sid = dial(call, 1, 187);

        Flux.range(0, 8)
                .flatMap(n -> books.call(sid, AT, true, new UsdMicros(48_000), NOW))
                .blockLast(SOON);

        assertThat(costOf(call)).isEqualTo(68_000);
        proved();
    }

    /** Guard: the call's lock in reconcile_call; two dials of one call are two records. */
    @Test
    void twoDialsOfACallThatAreCorrectedAtTheSameTimeTakeTurns() throws Exception {
        CallId call = call(true);
        String first = dial(call, 1, 187);
        String second = dial(call, 2, 20);
        held(first, 56_000L);
        held(second, 14_000L);
        String later = "select reconcile_twilio('" + first + "', '" + AT + "', true, 60000, '" + NOW + "')";

        Reconciled answer = DB.during(later, books.call(second, AT, true, new UsdMicros(20_000), NOW));

        assertThat(answer.difference()).isEqualTo(new UsdMicros(6_000));
        assertThat(costOf(call)).isEqualTo(60_000 + 20_000 + 20_000);
        proved();
    }

    @Test
    void aCallOfTwoDialsIsCorrectedWhenBothPricesAreKnown() {
        CallId call = call(true);
        String first = dial(call, 1, 187);
        String second = dial(call, 2, 20);

        assertThat(held(first, 56_000L).outcome()).isEqualTo(Outcome.MATCHED);
        assertThat(held(second, null).outcome()).isEqualTo(Outcome.LATE);
        assertThat(held(second, 14_000L).difference()).isEqualTo(new UsdMicros(14_000));
        assertThat(costOf(call)).isEqualTo(70_000 + 20_000);
        proved();
    }

    @Test
    void whatIsNotBookedYetWaits() {
        CallId call = call(false);
        String sid = dial(call, 1, 187);

        assertThat(held(sid, 48_000L).outcome()).isEqualTo(Outcome.MATCHED);

        assertThat(lines(call)).isEmpty();
    }

    @Test
    void leftoversAreCasesOnce() {
        String foreign = "CA-foreign-" + SIDS.incrementAndGet();
        assertThat(held(foreign, 14_000L)).isEqualTo(new Reconciled(Outcome.MISSING_OURS, UsdMicros.ZERO, true));
        assertThat(held(foreign, 14_000L).caseOpened()).isFalse();
        CallId call = call(true);
        String late = dial(call, 1, 187);
        assertThat(held(late, null)).isEqualTo(new Reconciled(Outcome.LATE, UsdMicros.ZERO, true));
        String dear = dial(call(true), 1, 187);
        assertThat(held(dear, 200_000L)).isEqualTo(new Reconciled(Outcome.CORRECTED, new UsdMicros(144_000), true));
        String lost = dial(call(true), 1, 60);

        assertThat(missing("twilio").missing()).isEqualTo(1);

        assertThat(missing("twilio").casesOpened()).as("a second look").isZero();
        assertThat(cases())
                .contains(
                        "reconciliation_missing_ours twilio call " + foreign,
                        "reconciliation_late twilio call " + late,
                        "reconciliation_amount_differs twilio call " + dear,
                        "reconciliation_missing_theirs twilio call " + lost);
        assertThat(held(lost, 56_000L).outcome()).isEqualTo(Outcome.MATCHED);
        assertThat(missing("twilio").missing()).isZero();
        proved();
    }

    @Test
    void aDaysTotalMayDriftByTenCents() {
        LocalDate day = LocalDate.parse("2026-10-01");
        for (String at : List.of("2026-09-30T23:59:59Z", "2026-10-01T00:00:00Z", "2026-10-01T23:59:59Z")) {
            get(books.call("CA-day-" + at, Instant.parse(at), true, new UsdMicros(50_000), NOW));
        }

        assertThat(get(books.day("twilio", day, new UsdMicros(200_000), NOW)).missing())
                .isZero();
        assertThat(get(books.day("twilio", day, new UsdMicros(200_001), NOW)).casesOpened())
                .isEqualTo(1);
        assertThat(get(books.day("twilio", day, new UsdMicros(200_001), NOW)).casesOpened())
                .as("a second run")
                .isZero();
        assertThat(cases()).contains("reconciliation_day_differs twilio 2026-10-01");
    }

    @Test
    void aPaymentsEstimatedFeeIsReplaced() {
        String payment = paid(14_990_000);
        get(DB.client()
                .sql("select (ledger_fee('" + payment + "', 734710, true, now())).outcome")
                .fetch()
                .one());

        assertThat(held(Kind.CHARGE, payment, 14_990_000, 740_000))
                .isEqualTo(new Reconciled(Outcome.CORRECTED, new UsdMicros(5_290), false));
        long postings = postings();
        assertThat(held(Kind.CHARGE, payment, 14_990_000, 740_000).outcome()).isEqualTo(Outcome.MATCHED);
        assertThat(postings()).isEqualTo(postings);
        proved();
    }

    @Test
    void paymentsThatDoNotMatchAreCases() {
        assertThat(held(Kind.CHARGE, "pi_unknown", 5_000_000, 0).outcome()).isEqualTo(Outcome.MISSING_OURS);
        String payment = paid(14_990_000);
        assertThat(held(Kind.CHARGE, payment, 14_980_000, 0).outcome()).isEqualTo(Outcome.AMOUNT_DIFFERS);
        String twice = paid(14_990_000);
        assertThat(held(Kind.CHARGE, twice, 14_990_000, 0).outcome()).isEqualTo(Outcome.MATCHED);
        assertThat(get(books.movement(
                                new Movement(
                                        "txn_other",
                                        Kind.CHARGE,
                                        twice,
                                        AT,
                                        new UsdMicros(14_990_000),
                                        UsdMicros.ZERO,
                                        "usd"),
                                NOW))
                        .outcome())
                .isEqualTo(Outcome.DUPLICATE);
        String lost = paid(14_990_000);
        String refunded = paid(14_990_000);
        String refund = "re_" + refunded;
        DB.execute("select ledger_claw_back('" + refund + "', 'refund', grant_id, 5000000, '" + AT
                + "') from credited_payments where payment_intent = '" + refunded + "'");
        assertThat(held(Kind.REFUND, refund, -5_000_000, 0).outcome()).isEqualTo(Outcome.MATCHED);
        assertThat(held(Kind.REFUND, "re_unknown", -5_000_000, 0).outcome()).isEqualTo(Outcome.MISSING_OURS);
        assertThat(held(Kind.OTHER, "po_1", -20_000_000, 0).outcome()).isEqualTo(Outcome.OTHER);
        held(Kind.CHARGE, refunded, 14_990_000, 0);
        for (long amount : new long[] {5_000_000, -5_000_000}) {
            Movement back = new Movement(
                    "txn_back" + amount, Kind.REFUND, "re_back", AT, new UsdMicros(amount), UsdMicros.ZERO, "usd");
            assertThat(get(books.movement(back, NOW)).outcome())
                    .as("it failed before we heard of it")
                    .isEqualTo(Outcome.MATCHED);
        }

        get(books.missingTheirs("stripe", AT.minusSeconds(60), AT.plusSeconds(60), NOW));

        assertThat(cases())
                .contains(
                        "reconciliation_missing_ours stripe charge pi_unknown",
                        "reconciliation_amount_differs stripe charge " + payment,
                        "reconciliation_duplicate stripe payment " + twice,
                        "reconciliation_missing_ours stripe refund re_unknown",
                        "reconciliation_missing_theirs stripe charge " + lost)
                .doesNotContain("reconciliation_missing_theirs stripe charge " + refunded);
        proved();
    }

    @Test
    void aRunIsKeptOnceByItsKey() {
        var runs = new ReconciliationRuns(DB.client());
        UUID id = UUID.randomUUID();
        ReconciliationRun first = get(runs.ask(id, "k-" + id, AT, NOW, "kim", NOW));
        ReconciliationRun again = get(runs.ask(UUID.randomUUID(), "k-" + id, AT, NOW, "kim", NOW));
        assertThat(again).isEqualTo(first);
        assertThat(get(runs.due(10, Duration.ofSeconds(30), NOW).collectList())).contains(id);
        assertThat(get(runs.due(10, Duration.ofSeconds(30), NOW).collectList())).doesNotContain(id);
        runs.progressed(id, "{\"records\":3}").block(SOON);
        runs.finished(id, NOW).block(SOON);
        assertThat(get(runs.begin(id, AT, NOW, "temporal", NOW)).finishedAt()).isEqualTo(NOW);
        assertThat(get(runs.due(10, Duration.ofSeconds(30), NOW.plusSeconds(60)).collectList()))
                .isEmpty();
    }

    private CallId call(boolean booked) {
        CallId call = new CallId(UUID.randomUUID());
        DB.execute("insert into calls (id, user_id, request_hash, persona_id, phone_e164, planned_seconds, immediate,"
                + " scheduled_for, callback_policy, answered_at, created_at, updated_at) values ('" + call + "', '"
                + user + "', '', 'brad_001', '+14155550199', 300, true, '" + AT + "', '{}', '" + AT + "', '" + AT
                + "', '" + AT + "')");
        if (booked) {
            get(CostRecorder.on(DB.client(), () -> NOW)
                    .record(
                            call,
                            AT,
                            CallQuantities.of(CallDirection.OUTBOUND, List.of(187L), UsageTotals.NONE, true)));
            DB.execute("update calls set costs_recorded_at = '" + AT + "', cost_usd_micros = 76000 where id = '" + call
                    + "'");
        }
        return call;
    }

    private static String dial(CallId call, int attempt, int seconds) {
        String sid = "CA" + SIDS.incrementAndGet();
        DB.execute("insert into dial_intents (call_id, attempt, number, state, call_sid, duration_seconds, answered_at,"
                + " begun_at, updated_at) values ('" + call + "', " + attempt + ", '+14155550199', 'CLOSED', '" + sid
                + "', " + seconds + ", '" + AT + "', '" + AT + "', '" + AT + "')");
        return sid;
    }

    private String paid(long micros) {
        String payment = "pi_" + UUID.randomUUID();
        String purchase = UUID.randomUUID().toString();
        DB.execute("select purchase_accept('" + purchase + "', '" + user + "', 'pack_25', 1, null, '" + purchase
                + "', '" + AT + "')");
        DB.execute("select purchase_credit('" + purchase + "', '" + payment + "', " + micros + ", '" + AT + "')");
        return payment;
    }

    private Reconciled held(String sid, @Nullable Long price) {
        return get(books.call(sid, AT, true, price == null ? null : new UsdMicros(price), NOW));
    }

    private Reconciled held(Kind kind, String subject, long amount, long fee) {
        return get(books.movement(
                new Movement("txn_" + subject, kind, subject, AT, new UsdMicros(amount), new UsdMicros(fee), "usd"),
                NOW));
    }

    private Reconciliation.Missing missing(String vendor) {
        return get(books.missingTheirs(vendor, AT.minusSeconds(60), AT.plusSeconds(60), NOW));
    }

    private static List<Map<String, Object>> lines(CallId call) {
        return DB.query(
                "select operation, revision, quantity, amount_micros from cost_lines where call_id = '" + call + "'");
    }

    private static long costOf(CallId call) {
        return (Long) Objects.requireNonNull(DB.query("select cost_usd_micros from calls where id = '" + call + "'")
                .getFirst()
                .get("cost_usd_micros"));
    }

    private static long postings() {
        return (Long) Objects.requireNonNull(
                DB.query("select count(*) as n from ledger_postings").getFirst().get("n"));
    }

    private static List<String> cases() {
        return DB.query("select kind || ' ' || subject as name from money_cases").stream()
                .map(row -> String.valueOf(row.get("name")))
                .toList();
    }

    private static void proved() {
        assertThat(get(Ledger.on(DB.client(), () -> NOW).audit()).violations()).isEmpty();
    }

    private static <T> T get(Mono<T> answer) {
        return Objects.requireNonNull(answer.block(SOON));
    }
}
