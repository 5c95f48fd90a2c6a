package ai.callmeback.activities.reconcile;

import static org.assertj.core.api.Assertions.assertThat;

import ai.callmeback.db.reconcile.Reconciliation;
import ai.callmeback.db.reconcile.ReconciliationRuns;
import ai.callmeback.db.testing.TestDatabase;
import ai.callmeback.vendors.billing.BillPage;
import ai.callmeback.vendors.billing.BilledCall;
import ai.callmeback.vendors.billing.MoneyMovement;
import ai.callmeback.vendors.billing.PaymentBills;
import ai.callmeback.vendors.billing.TelephonyBills;
import ai.callmeback.workflows.reconcile.BilledVendor;
import ai.callmeback.workflows.reconcile.ReconciliationActivities.Page;
import ai.callmeback.workflows.reconcile.ReconciliationActivities.Range;
import ai.callmeback.workflows.reconcile.ReconciliationProgress;
import java.math.BigDecimal;
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
    private static final Duration SOON = Duration.ofSeconds(10);

    private final List<String> asked = new ArrayList<>();
    private final ReconciliationRuns runs = new ReconciliationRuns(DB.client());
    private final ReconciliationActivitiesImpl steps = new ReconciliationActivitiesImpl(
            runs, new Reconciliation(DB.client()), new Calls(), new Movements(), () -> NOW);

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
    }

    /** What other tests found would be no case any more. */
    @BeforeEach
    void noRecordsAndNoCases() {
        DB.execute("delete from vendor_records");
        DB.execute("delete from money_cases");
    }

    @Test
    void aSecondRunOverTheSameRangeChangesNothing() {
        ReconciliationProgress first = run();
        List<Map<String, Object>> records = DB.query("select * from vendor_records order by ref");
        List<Map<String, Object>> cases = DB.query("select * from money_cases order by id");

        ReconciliationProgress second = run();

        assertThat(first).isEqualTo(new ReconciliationProgress(5, 1, 0, 0, 5, 5, 0));
        assertThat(second).isEqualTo(new ReconciliationProgress(5, 1, 0, 0, 5, 0, 0));
        assertThat(DB.query("select * from vendor_records order by ref")).isEqualTo(records);
        assertThat(DB.query("select * from money_cases order by id")).isEqualTo(cases);
        assertThat(cases)
                .extracting(found -> found.get("kind") + " " + found.get("subject"))
                .contains(
                        "reconciliation_missing_ours twilio call CA1",
                        "reconciliation_day_differs twilio 2026-11-20",
                        "reconciliation_missing_ours stripe charge pi_strange");
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
        steps.finishRun(id, progress);
        var kept = Objects.requireNonNull(runs.find(UUID.fromString(id)).block(SOON));
        assertThat(kept.finishedAt()).isEqualTo(NOW);
        assertThat(kept.progress()).contains("\"records\": 5");
        return progress;
    }
}
