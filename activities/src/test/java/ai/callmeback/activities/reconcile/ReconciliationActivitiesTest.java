package ai.callmeback.activities.reconcile;

import static org.assertj.core.api.Assertions.assertThat;

import ai.callmeback.db.cost.PriceBook;
import ai.callmeback.db.notice.FinanceNotices;
import ai.callmeback.db.purchase.MoneyCases;
import ai.callmeback.db.reconcile.Reconciliation;
import ai.callmeback.db.reconcile.ReconciliationRuns;
import ai.callmeback.db.testing.TestDatabase;
import ai.callmeback.vendors.billing.BillPage;
import ai.callmeback.vendors.billing.BilledCall;
import ai.callmeback.vendors.billing.BillsException;
import ai.callmeback.vendors.billing.ListenedSession;
import ai.callmeback.vendors.billing.MoneyMovement;
import ai.callmeback.vendors.billing.PaymentBills;
import ai.callmeback.vendors.billing.Payout;
import ai.callmeback.vendors.billing.SpeechBills;
import ai.callmeback.vendors.billing.TelephonyBills;
import ai.callmeback.vendors.settings.VendorSettings;
import ai.callmeback.vendors.stt.SttOptions;
import ai.callmeback.workflows.reconcile.BilledVendor;
import ai.callmeback.workflows.reconcile.Gap;
import ai.callmeback.workflows.reconcile.ReconciliationActivities.LeftOut;
import ai.callmeback.workflows.reconcile.ReconciliationActivities.Page;
import ai.callmeback.workflows.reconcile.ReconciliationActivities.Range;
import ai.callmeback.workflows.reconcile.ReconciliationProgress;
import java.math.BigDecimal;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The steps of a run against faked vendors, on a real PostgreSQL. */
class ReconciliationActivitiesTest {
    @RegisterExtension
    static final TestDatabase DB = TestDatabase.fresh();

    private static final Instant NOW = Instant.parse("2026-11-21T05:00:00Z");
    private static final Instant CALLED = Instant.parse("2026-11-20T10:00:00Z");
    private static final UUID FINANCE = new UUID(0, 1);
    private static final Duration SOON = Duration.ofSeconds(10);

    private static final VendorSettings SETTINGS = new VendorSettings(
            new VendorSettings.Twilio("", null, "", URI.create("")),
            new VendorSettings.Deepgram(null, URI.create(""), SttOptions.Engine.FLUX),
            new VendorSettings.Llm(null, null, URI.create(""), "", "", "", ""),
            VendorSettings.ElevenLabs.at(null, URI.create("")),
            new VendorSettings.Resend(null, URI.create(""), ""),
            new VendorSettings.Stripe(null, null, "", URI.create("")));

    private boolean mayReadUsage = true;
    private Map<LocalDate, BigDecimal> services = Map.of();
    private final List<String> asked = new ArrayList<>();
    private final ReconciliationRuns runs = new ReconciliationRuns(DB.client());
    private final ReconciliationActivitiesImpl steps = new ReconciliationActivitiesImpl(
            runs,
            new Reconciliation(DB.client()),
            new Calls(),
            new Movements(),
            new UsageBooks(
                    new Reconciliation(DB.client()),
                    PriceBook.on(DB.client()),
                    new MoneyCases(DB.client()),
                    new Usage(),
                    SETTINGS,
                    () -> NOW),
            new FinanceNotices(DB.client()),
            () -> NOW);

    /** Two pages of calls that nobody of us has dialled. */
    private final class Calls implements TelephonyBills {
        @Override
        public BillPage<BilledCall> calls(Instant from, Instant until, @Nullable String cursor) {
            asked.add("calls " + from + " " + cursor);
            return cursor == null
                    ? new BillPage<>(List.of(call("CA1", "0.05"), call("CA2", "0.014")), "2")
                    : new BillPage<>(List.of(call("CA3", null)), null);
        }

        private static BilledCall call(String sid, @Nullable String price) {
            return new BilledCall(sid, CALLED, true, price == null ? null : new BigDecimal(price), "usd");
        }

        @Override
        public Map<LocalDate, BigDecimal> dailyTotals(LocalDate first, LocalDate last) {
            asked.add("days " + first + " " + last);
            return Map.of(last, new BigDecimal("0.25"));
        }

        @Override
        public Map<LocalDate, BigDecimal> otherServices(LocalDate first, LocalDate last) {
            return services;
        }
    }

    /** A session for nobody's call, and a day of 1,000 credits; or a key that may not read it. */
    private final class Usage implements SpeechBills {
        @Override
        public BillPage<ListenedSession> sessions(Instant from, Instant until, @Nullable String cursor) {
            if (!mayReadUsage) {
                throw new BillsException("deepgram usage: HTTP 403", 403);
            }
            return new BillPage<>(List.of(new ListenedSession("r1", "", CALLED, null, new BigDecimal("120"))), null);
        }

        @Override
        public Map<LocalDate, BigDecimal> speechCredits(LocalDate first, LocalDate last) {
            return Map.of(last, new BigDecimal("1000"));
        }
    }

    private static final class Movements implements PaymentBills {
        @Override
        public BillPage<MoneyMovement> movements(Instant from, Instant until, @Nullable String cursor) {
            return new BillPage<>(
                    List.of(
                            new MoneyMovement(
                                    "txn_1", MoneyMovement.Kind.CHARGE, "pi_strange", CALLED, 1_499, 73, "usd"),
                            new MoneyMovement("txn_2", MoneyMovement.Kind.OTHER, "po_1", CALLED, -1_426, 0, "usd")),
                    null);
        }

        @Override
        public BillPage<Payout> payouts(Instant from, Instant until, @Nullable String cursor) {
            return new BillPage<>(List.of(new Payout("po_1", CALLED, 1_426, 1_400, "paid")), null);
        }
    }

    /** What other tests found would be no case any more. */
    @BeforeEach
    void noRecordsAndNoCases() {
        DB.execute("delete from vendor_records");
        DB.execute("delete from money_cases");
        DB.execute("delete from finance_notices");
        DB.execute("insert into users (id, email, password_hash, display_name, country, pseudonym, role) values ('"
                + FINANCE + "', 'finance@example.test', 'x', 'Kim', 'US', 'u-finance', 'finance')"
                + " on conflict do nothing");
    }

    @Test
    void aSecondRunOverTheSameRangeChangesNothing() {
        services = Map.of(LocalDate.parse("2026-11-20"), new BigDecimal("0.03"));
        ReconciliationProgress first = run();
        List<Map<String, Object>> records = DB.query("select * from vendor_records order by ref");
        List<Map<String, Object>> cases = DB.query("select * from money_cases order by id");

        ReconciliationProgress second = run();

        // Services for $0.03 and 1,000 credits for $0.30, which no call carries; a payout of $14.26 that pays $14.00.
        assertThat(first).isEqualTo(new ReconciliationProgress(9, 1, 2, 0, 7, 8, 330_000));
        assertThat(second).isEqualTo(new ReconciliationProgress(9, 3, 0, 0, 7, 0, 0));
        assertThat(DB.query("select vendor, operation, amount_micros from other_costs order by vendor"))
                .extracting(line -> line.get("vendor") + " " + line.get("operation") + " " + line.get("amount_micros"))
                .containsExactly("elevenlabs speech_of_day 300000", "twilio services 30000");
        assertThat(DB.query("select subject from finance_notices"))
                .as("one e-mail, of the first run")
                .hasSize(1);
        assertThat(DB.query("select * from vendor_records order by ref")).isEqualTo(records);
        assertThat(DB.query("select * from money_cases order by id")).isEqualTo(cases);
        assertThat(cases)
                .extracting(found -> found.get("kind") + " " + found.get("subject"))
                .contains(
                        "reconciliation_missing_ours twilio call CA1",
                        "reconciliation_day_differs twilio 2026-11-20",
                        "reconciliation_missing_ours stripe charge pi_strange",
                        "reconciliation_missing_ours deepgram request r1",
                        "reconciliation_day_differs elevenlabs 2026-11-20",
                        "reconciliation_payout_differs stripe payout po_1");
    }

    @Test
    void aKeyThatMayNotReadUsageIsACaseAndTheRunGoesOn() {
        mayReadUsage = false;

        Page page = steps.holdPage(
                UUID.randomUUID().toString(),
                new Range(CALLED, NOW),
                BilledVendor.DEEPGRAM,
                null,
                ReconciliationProgress.NONE);

        assertThat(page).isEqualTo(new Page(new ReconciliationProgress(0, 0, 0, 0, 1, 1, 0), null));
    }

    @Test
    void aRunWithoutAVendorIsACaseUntilItWasResumed() {
        String id = UUID.randomUUID().toString();
        steps.beginRun(id, null, null, "schedule");
        assertThat(steps.leftOut(id)).isEqualTo(new LeftOut(List.of(), ReconciliationProgress.NONE));
        var held = new ReconciliationProgress(9, 9, 0, 0, 0, 0, 0);
        var gap = new Gap(BilledVendor.DEEPGRAM, "2", false, "no answer in 10 tries");

        steps.endRun(id, held, List.of(gap));
        steps.endRun(id, held, List.of(gap));

        assertThat(incomplete())
                .containsExactly(Map.of(
                        "subject",
                        "deepgram 2026-11-18 to 2026-11-20, run " + id,
                        "detail",
                        "no answer in 10 tries; resume the run when the vendor answers again",
                        "state",
                        "open"));
        assertThat(told(id)).singleElement().asString().contains("without deepgram");
        assertThat(steps.leftOut(id))
                .isEqualTo(new LeftOut(List.of(gap), new ReconciliationProgress(9, 9, 0, 0, 0, 1, 0)));

        assertThat(Objects.requireNonNull(runs.resume(UUID.fromString(id), NOW).block(SOON))
                        .finishedAt())
                .isNull();
        var more = held.plus(new ReconciliationProgress(3, 0, 3, 0, 0, 0, 100_001));
        steps.endRun(id, more, List.of());
        steps.endRun(id, more, List.of());

        assertThat(told(id))
                .as("what the rest has brought is told like that of a run that was never incomplete")
                .hasSize(2)
                .last()
                .asString()
                .contains("corrected 3 by $0.100001")
                .doesNotContain("incomplete");
        assertThat(incomplete())
                .singleElement()
                .satisfies(row -> assertThat(row).containsEntry("state", "closed"));
        assertThat(steps.leftOut(id).gaps()).isEmpty();
    }

    private static List<Object> told(String run) {
        return DB
                .query("select body from finance_notices where notice_key like 'reconciliation/" + run
                        + "%' order by length(notice_key) desc")
                .stream()
                .map(row -> row.get("body"))
                .toList();
    }

    private static List<Map<String, Object>> incomplete() {
        return DB.query("select subject, detail, state from money_cases where kind = 'reconciliation_incomplete'");
    }

    @Test
    void aDailyRunLooksAtTheThreeDaysBeforeToday() {
        String id = UUID.randomUUID().toString();

        Range range = steps.beginRun(id, null, null, "schedule");

        assertThat(range)
                .isEqualTo(new Range(Instant.parse("2026-11-18T00:00:00Z"), Instant.parse("2026-11-21T00:00:00Z")));
        assertThat(steps.beginRun(id, NOW.minusSeconds(60), NOW, "schedule"))
                .as("a repeat")
                .isEqualTo(range);
        steps.findMissing(id, range, BilledVendor.TWILIO, ReconciliationProgress.NONE);
        assertThat(asked).contains("days 2026-11-18 2026-11-20");
    }

    @Test
    void aDayThatIsNotOverHasNoTotalYet() {
        String id = UUID.randomUUID().toString();
        Range range = steps.beginRun(id, Instant.parse("2026-11-20T12:00:00Z"), NOW.plusSeconds(90_000), "kim");

        steps.findMissing(id, range, BilledVendor.TWILIO, ReconciliationProgress.NONE);

        assertThat(asked).isEmpty();
    }

    private ReconciliationProgress run() {
        String id = UUID.randomUUID().toString();
        Range range = steps.beginRun(id, null, null, "temporal");
        Page page = steps.holdPage(id, range, BilledVendor.TWILIO, null, ReconciliationProgress.NONE);
        page = steps.holdPage(id, range, BilledVendor.TWILIO, page.next(), page.progress());
        assertThat(page.next()).isNull();
        ReconciliationProgress progress = steps.findMissing(id, range, BilledVendor.TWILIO, page.progress());
        page = steps.holdPage(id, range, BilledVendor.STRIPE, null, progress);
        progress = steps.findMissing(id, range, BilledVendor.STRIPE, page.progress());
        page = steps.holdPage(id, range, BilledVendor.DEEPGRAM, null, progress);
        progress = steps.findMissing(id, range, BilledVendor.DEEPGRAM, page.progress());
        page = steps.holdPage(id, range, BilledVendor.ELEVENLABS, null, progress);
        progress = steps.findMissing(id, range, BilledVendor.ELEVENLABS, page.progress());
        steps.finishRun(id, progress);
        var kept = Objects.requireNonNull(runs.find(UUID.fromString(id)).block(SOON));
        assertThat(kept.finishedAt()).isEqualTo(NOW);
        assertThat(kept.progress()).contains("\"records\": 9");
        return progress;
    }
}
