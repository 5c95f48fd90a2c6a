package ai.callmeback.activities.call;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import ai.callmeback.db.budget.Budget;
import ai.callmeback.db.budget.Budgets;
import ai.callmeback.db.call.ClaimOutcome;
import ai.callmeback.db.call.MediaLease;
import ai.callmeback.db.call.MediaOwners;
import ai.callmeback.db.call.NewCall;
import ai.callmeback.db.call.StreamTokens;
import ai.callmeback.db.call.VoiceWorker;
import ai.callmeback.db.testing.TestDatabase;
import ai.callmeback.domain.UsdMicros;
import ai.callmeback.domain.UserId;
import ai.callmeback.domain.call.CallStatus;
import ai.callmeback.domain.policy.Limits;
import ai.callmeback.domain.usage.UsageReport;
import ai.callmeback.domain.usage.UsageTotals;
import ai.callmeback.workflows.call.CallWorkflow;
import ai.callmeback.workflows.call.CallWorkflows;
import ai.callmeback.workflows.call.MediaConnected;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Budgets kept by the call worker as it runs: before a call, during it, and by e-mail. */
@Timeout(120)
class CallBudgetTest {
    @RegisterExtension
    static final TestDatabase DB = TestDatabase.fresh();

    private static final Duration SOON = Duration.ofSeconds(30);
    private static CallWorkerHarness worker;

    @BeforeAll
    static void start() throws IOException {
        worker = new CallWorkerHarness(DB);
    }

    @AfterAll
    static void stop() {
        worker.close();
    }

    @Test
    void aCallThatWouldPassItIsEndedAndTheNextIsNotHeld() {
        UserId user = worker.user(100);
        set(user, 70_000, null);
        NewCall call = worker.request(user);
        talking(call);

        report(call, 1, 60_000, 100);
        await().atMost(SOON).untilAsserted(() -> assertThat(spent(user)).isGreaterThan(30_000));
        assertThat(hangUp(call)).as("within the budget").isNull();
        report(call, 2, 180_000, 100);

        await().atMost(SOON).untilAsserted(() -> assertThat(hangUp(call)).isEqualTo("budget"));
        await().atMost(SOON).untilAsserted(() -> assertThat(notices(call)).isEqualTo(1));
        assertThat(spent(user)).as("it was ended before").isLessThan(70_000);
        DB.execute("update running_costs set amount_micros = 100000 where call_id = '" + call.id() + "'");
        NewCall next = worker.request(user);
        worker.accept(next);
        await().atMost(SOON).until(() -> worker.status(next) == CallStatus.REFUSED);
        assertThat(worker.row(next).statusReason()).isEqualTo("budget_used_up");
        assertThat(DB.query("select 1 from ledger_holds where hold_id = '" + next.id() + "'"))
                .isEmpty();
        await().atMost(SOON)
                .untilAsserted(() -> assertThat(mails(user)).hasSize(1).allMatch(key -> key.contains("used-up")));
    }

    @Test
    void anAlertIsSentOnceAPeriod() {
        UserId user = worker.user(100);
        set(user, 1_000_000, 76_000L);
        NewCall call = worker.request(user);
        talking(call);

        report(call, 1, 150_000, 1);
        await().atMost(SOON).untilAsserted(() -> assertThat(mails(user)).hasSize(1));
        report(call, 2, 151_000, 1);
        await().atMost(SOON)
                .until(() ->
                        DB.query("select 1 from usage_snapshots where sequence = 2 and call_id = '" + call.id() + "'")
                                        .size()
                                == 1);

        await().during(Duration.ofSeconds(3))
                .untilAsserted(() -> assertThat(mails(user)).hasSize(1));
        await().atMost(SOON)
                .untilAsserted(() -> assertThat(DB.query(
                                "select period, kind, outcome from budget_notices where user_id = '" + user + "'"))
                        .containsExactly(Map.of("period", "month", "kind", "alert", "outcome", "sent")));
    }

    /** Guard: {@code budget_notices_once}. A day is UTC's: what was spent before midnight does not count. */
    @Test
    void yesterdaysCostsAreTheMonthsOnly() {
        UserId user = worker.user(0);
        Instant noon = Instant.parse("2026-11-21T12:00:00Z");
        DB.execute("insert into calls (id, user_id, request_hash, persona_id, phone_e164, planned_seconds, immediate,"
                + " scheduled_for, callback_policy, status, answered_at, cost_usd_micros, created_at, updated_at) select"
                + " gen_random_uuid(), '" + user
                + "', '', 'brad_001', '+14155550199', 300, true, at, '{}', 'COMPLETED',"
                + " at, micros, at, at from (values (timestamptz '2026-11-20T23:59:59Z', 70000),"
                + " (timestamptz '2026-11-21T00:00:00Z', 20000)) v (at, micros)");
        set(user, 50_000, 100_000L);

        Budget budget = Objects.requireNonNull(
                worker.bean(Budgets.class).find(user, noon).block());

        assertThat(budget.day().spent()).isEqualTo(new UsdMicros(20_000));
        assertThat(budget.month().spent()).isEqualTo(new UsdMicros(90_000));
        for (int i = 0; i < 3; i++) {
            assertThat(worker.bean(Budgets.class).watch(user, noon).blockOptional())
                    .isEmpty();
        }
        assertThat(DB.query("select period, kind from budget_notices where user_id = '" + user + "'"))
                .containsExactly(Map.of("period", "month", "kind", "alert"));
    }

    private static void set(UserId user, long daily, @Nullable Long monthly) {
        worker.bean(Budgets.class)
                .set(user, new UsdMicros(daily), monthly == null ? null : new UsdMicros(monthly), 80, Instant.now())
                .block();
    }

    private static long spent(UserId user) {
        return Objects.requireNonNull(
                        worker.bean(Budgets.class).find(user, Instant.now()).block())
                .day()
                .spent()
                .amountMicros();
    }

    private static @Nullable Object hangUp(NewCall call) {
        return DB.query("select hang_up from media_owners where call_id = '" + call.id() + "'")
                .getFirst()
                .get("hang_up");
    }

    private static int notices(NewCall call) {
        return DB.query("select 1 from call_events where data ->> 'notice' = 'budget_used_up' and call_id = '"
                        + call.id() + "'")
                .size();
    }

    private static List<String> mails(UserId user) {
        return worker.mails.stream()
                .filter(key -> key.startsWith("budget-") && key.contains(user.toString()))
                .toList();
    }

    private static void talking(NewCall call) {
        worker.accept(call);
        await().atMost(SOON)
                .until(() -> !worker.telephony.dialsTo(call.phone().value()).isEmpty());
        String sid = worker.telephony.dialsTo(call.phone().value()).getFirst().callSid();
        worker.webhook(call, 1, sid, "ringing", Map.of());
        worker.webhook(call, 1, sid, "in-progress", Map.of());
        String token = Objects.requireNonNull(worker.bean(StreamTokens.class)
                        .issue(call.id(), 1, List.of(new VoiceWorker("w1", "ws://127.0.0.1/media", "voice-w1", 5, 0)))
                        .block())
                .getFirst();
        var claimed = (ClaimOutcome.Claimed) Objects.requireNonNull(worker.bean(MediaOwners.class)
                .claim(StreamTokens.hash(token), "w1", Limits.MEDIA_LEASE)
                .block());
        workflow(call).mediaConnected(new MediaConnected(1, claimed.mediaLeg(), "w1", "voice-w1", sid));
        renewed(call);
    }

    private static void report(NewCall call, long sequence, long positionMs, long prompts) {
        renewed(call);
        workflow(call)
                .usage(new UsageReport(
                        call.id(),
                        1,
                        sequence,
                        Instant.now(),
                        positionMs,
                        false,
                        new UsageTotals(Map.of(), Map.of("llama3.1-8b", prompts), Map.of(), Map.of())));
    }

    private static List<MediaLease> renewed(NewCall call) {
        return Objects.requireNonNull(worker.bean(MediaOwners.class)
                .renew("w1", List.of(call.id()), Duration.ofMinutes(2))
                .collectList()
                .block());
    }

    private static CallWorkflow workflow(NewCall call) {
        return worker.workflows().newWorkflowStub(CallWorkflow.class, CallWorkflows.workflowId(call.id()));
    }
}
