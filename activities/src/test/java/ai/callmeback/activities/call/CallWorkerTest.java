package ai.callmeback.activities.call;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import ai.callmeback.db.call.CallEvent;
import ai.callmeback.db.call.CallEvents;
import ai.callmeback.db.call.ClaimOutcome;
import ai.callmeback.db.call.ConversationJournal;
import ai.callmeback.db.call.MediaOwners;
import ai.callmeback.db.call.NewCall;
import ai.callmeback.db.call.StreamTokens;
import ai.callmeback.db.call.Switches;
import ai.callmeback.db.call.VoiceWorker;
import ai.callmeback.db.ledger.Hold;
import ai.callmeback.db.ledger.HoldState;
import ai.callmeback.db.ledger.Ledger;
import ai.callmeback.db.purchase.NewPurchase;
import ai.callmeback.db.purchase.Purchases;
import ai.callmeback.db.testing.TestDatabase;
import ai.callmeback.db.usage.UsageStore;
import ai.callmeback.domain.UsdMicros;
import ai.callmeback.domain.UserId;
import ai.callmeback.domain.call.CallStatus;
import ai.callmeback.domain.call.EndedBy;
import ai.callmeback.domain.conversation.JournalEvent;
import ai.callmeback.domain.conversation.JournalKind;
import ai.callmeback.domain.policy.Limits;
import ai.callmeback.domain.purchase.PurchaseId;
import ai.callmeback.domain.settlement.ChargePolicy;
import ai.callmeback.domain.usage.UsageReport;
import ai.callmeback.domain.usage.UsageTotals;
import ai.callmeback.vendors.telephony.DialOutcome;
import ai.callmeback.workflows.call.CallWorkflow;
import ai.callmeback.workflows.call.CallWorkflows;
import ai.callmeback.workflows.call.ConverseResult;
import ai.callmeback.workflows.call.DialActivities;
import ai.callmeback.workflows.call.DialResult;
import ai.callmeback.workflows.call.MediaConnected;
import ai.callmeback.workflows.call.MediaEnded;
import io.temporal.client.WorkflowStub;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.springframework.context.SmartLifecycle;

/** The call worker as it runs: relays, workflows, activities, a real PostgreSQL. Only vendors and audio are faked. */
@Timeout(120)
class CallWorkerTest {
    @RegisterExtension
    static final TestDatabase DB = TestDatabase.fresh();

    private static CallWorkerHarness worker;

    @BeforeAll
    static void start() throws IOException {
        worker = new CallWorkerHarness(DB);
    }

    @AfterAll
    static void stop() {
        worker.close();
    }

    @AfterEach
    void reset() {
        worker.telephony.answer = dial -> new DialOutcome.Accepted(dial.callSid());
        worker.bean(Switches.class)
                .set(Switches.DIALING, true, "", Instant.now())
                .block();
    }

    @Test
    void aCallIsDialledTalkedSettledAndBooked() {
        NewCall call = worker.request(worker.user(100));
        worker.accept(call);
        String sid = dialled(call);
        talk(call, sid, 1, 42);

        await().atMost(Duration.ofSeconds(60)).until(() -> worker.status(call) == CallStatus.COMPLETED);
        var row = worker.row(call);
        assertThat(row.chargeDecision()).isEqualTo("CHARGED");
        assertThat(row.chargeReason()).isEqualTo("by_the_second");
        assertThat(row.chargedSeconds()).isEqualTo(42);
        assertThat(row.endedBy()).isEqualTo(EndedBy.USER);
        assertThat(row.costUsdMicros()).isPositive();
        Hold hold = worker.bean(Ledger.class).findHold(call.id().value()).block();
        assertThat(hold.state()).isEqualTo(HoldState.CAPTURED);
        assertThat(hold.captured().seconds()).isEqualTo(42);
        assertThat(hold.released().seconds()).isEqualTo(258);
        assertThat(worker.bean(Ledger.class).audit().block().ok()).isTrue();
        assertThat(worker.bean(CallEvents.class)
                        .since(call.id(), 0, 100)
                        .collectList()
                        .block())
                .extracting(CallEvent::kind)
                .contains("status", "turn", "usage");
        await().atMost(Duration.ofSeconds(30)).untilAsserted(() -> {
            assertThat(worker.row(call).summary()).isEqualTo("They spoke of rowing.");
            assertThat(worker.mails).contains("call-ready/" + call.id());
        });
    }

    /** What pays for it was sold so; changing the catalogue while the phone rings changes nothing. */
    @Test
    void moreThanHalfOfACallSoldByItsWholeLengthIsChargedWhole() {
        DB.execute("update products set charge_policy = 'whole_length' where code = 'call_10'");
        UserId user = worker.user(0);
        var purchases = worker.bean(Purchases.class);
        var purchase = new PurchaseId(UUID.randomUUID());
        purchases
                .accept(new NewPurchase(purchase, user, "call_10", 1, null, "k", Instant.now()))
                .block();
        purchases
                .credit(purchase, "pi_" + purchase, new UsdMicros(7_990_000), Instant.now())
                .block();
        NewCall call = worker.request(user);
        worker.accept(call);
        String sid = dialled(call);
        DB.execute("update products set charge_policy = 'by_the_second'");
        talk(call, sid, 1, 151);

        await().atMost(Duration.ofSeconds(60)).until(() -> worker.status(call) == CallStatus.COMPLETED);
        var row = worker.row(call);
        assertThat(row.chargePolicy()).isEqualTo(ChargePolicy.WHOLE_LENGTH);
        assertThat(row.chargeReason()).isEqualTo("whole_length");
        assertThat(row.billedSeconds()).isEqualTo(151);
        assertThat(row.chargedSeconds()).isEqualTo(300);
        assertThat(worker.bean(Ledger.class).audit().block().ok()).isTrue();
    }

    /** I5, guard: the intent. The reply is lost; the list tells that it rings; nobody dials again. */
    @Test
    void aDialWhoseReplyIsLostRingsOnce() {
        worker.telephony.answer = dial -> new DialOutcome.Unknown("reply dropped");
        NewCall call = worker.request(worker.user(10));
        worker.accept(call);
        String sid = dialled(call);
        await().atMost(Duration.ofSeconds(30))
                .untilAsserted(() -> assertThat(
                                DB.query("select call_sid from dial_intents where call_id = '" + call.id() + "'"))
                        .containsExactly(Map.of("call_sid", sid)));
        worker.webhook(call, 1, sid, "completed", Map.of("CallDuration", "3"));
        await().atMost(Duration.ofSeconds(60)).until(() -> worker.status(call) == CallStatus.COMPLETED);
        assertThat(worker.telephony.dialsTo(call.phone().value())).hasSize(1);
        assertThat(worker.row(call).chargeReason()).isEqualTo("too_short");
    }

    @Test
    void withoutCreditNothingRings() {
        NewCall call = worker.request(worker.user(0));
        worker.accept(call);
        await().atMost(Duration.ofSeconds(30)).until(() -> worker.status(call) == CallStatus.REFUSED);
        assertThat(worker.row(call).statusReason()).isEqualTo("insufficient_credit");
        assertThat(worker.telephony.dialsTo(call.phone().value())).isEmpty();
        await().atMost(Duration.ofSeconds(20)).until(() -> worker.mails.contains("call-refused/" + call.id()));
    }

    @Test
    void theOperatorsSwitchStopsDiallingAtOnce() {
        worker.bean(Switches.class)
                .set(Switches.DIALING, false, "incident", Instant.now())
                .block();
        NewCall call = worker.request(worker.user(10));
        worker.accept(call);
        await().atMost(Duration.ofSeconds(30)).until(() -> worker.status(call) == CallStatus.REFUSED);
        assertThat(worker.row(call).statusReason()).isEqualTo("dialing_stopped");
        assertThat(worker.telephony.dialsTo(call.phone().value())).isEmpty();
        assertThat(worker.bean(Ledger.class)
                        .balance(call.userId())
                        .block()
                        .held()
                        .seconds())
                .isZero();
    }

    @Test
    void aRefusalOfTheVendorGivesTheHoldBack() {
        worker.telephony.answer =
                dial -> new DialOutcome.Refused("trial_number_not_verified", "trial", "verify it", 21219, false);
        NewCall call = worker.request(worker.user(10));
        worker.accept(call);
        await().atMost(Duration.ofSeconds(30)).until(() -> worker.status(call) == CallStatus.REFUSED);
        assertThat(worker.row(call).statusReason()).isEqualTo("trial_number_not_verified");
        assertThat(worker.bean(Ledger.class).findHold(call.id().value()).block().state())
                .isEqualTo(HoldState.RELEASED);
    }

    /** A wiped Temporal, or a workflow that is gone: the row alone brings the call to its end. */
    @Test
    void aCallWhoseWorkflowIsGoneIsTakenUpAgain() {
        NewCall call = worker.request(worker.user(10));
        worker.accept(call);
        String sid = dialled(call);
        await().atMost(Duration.ofSeconds(20))
                .until(() -> !DB.query(
                                "select 1 from dial_intents where state = 'ACCEPTED' and call_id = '" + call.id() + "'")
                        .isEmpty());
        WorkflowStub.fromTyped(
                        worker.workflows().newWorkflowStub(CallWorkflow.class, CallWorkflows.workflowId(call.id())))
                .terminate("wiped");
        worker.webhook(call, 1, sid, "busy", Map.of());
        await().atMost(Duration.ofSeconds(60)).until(() -> worker.status(call) == CallStatus.RETRY_WAIT);
        assertThat(worker.telephony.dialsTo(call.phone().value())).hasSize(1);
    }

    /** I9, guard: the sweeper. A call whose outbox row and workflow are lost is stuck without it, and rings with it. */
    @Test
    void i9ACallNobodyKnowsOfIsFoundByTheSweeper() {
        SmartLifecycle sweeper = worker.relay("sweeperPoller");
        SmartLifecycle outbox = worker.relay("outboxPoller");
        sweeper.stop();
        outbox.stop();
        NewCall call = worker.request(worker.user(10));
        try {
            worker.accept(call);
            DB.execute("delete from call_outbox where call_id = '" + call.id() + "'");
            DB.execute("update calls set updated_at = now() - interval '1 minute' where id = '" + call.id() + "'");
            outbox.start();
            await().during(Duration.ofSeconds(2))
                    .atMost(Duration.ofSeconds(10))
                    .until(() -> worker.status(call) == CallStatus.SCHEDULED);
        } finally {
            outbox.start();
            sweeper.start();
        }
        dialled(call);
    }

    /** A call that is over takes no signals: what is used after it is kept, and corrects its costs. */
    @Test
    void usageAfterTheWorkflowCorrectsTheCosts() {
        NewCall call = worker.request(worker.user(100));
        worker.accept(call);
        talk(call, dialled(call), 1, 42);
        await().atMost(Duration.ofSeconds(60)).until(() -> worker.status(call) == CallStatus.COMPLETED);
        await().atMost(Duration.ofSeconds(30)).until(() -> worker.row(call).summary() != null);
        long before = worker.row(call).costUsdMicros();

        var late = new UsageReport(
                call.id(),
                1,
                2,
                Instant.now(),
                42_000,
                true,
                new UsageTotals(Map.of(), Map.of("llama3.1-8b", 1_000_500L), Map.of("llama3.1-8b", 50L), Map.of()));
        worker.bean(UsageStore.class).recordLate(late).block();

        await().atMost(Duration.ofSeconds(30))
                .untilAsserted(
                        () -> assertThat(worker.row(call).costUsdMicros()).isEqualTo(before + 100_000));
    }

    @Test
    void aDialThatWasGivenUpIsCancelledWhenItShowsUp() {
        NewCall call = worker.request(worker.user(10));
        worker.accept(call);
        String sid = dialled(call);
        String late = sid.replace("CA0", "CA9");
        worker.webhook(call, 1, late, "ringing", Map.of());
        await().atMost(Duration.ofSeconds(30)).until(() -> worker.telephony.ended.contains(late));
        assertThat(worker.telephony.ended).doesNotContain(sid);
    }

    /** "Too many requests" is a clear no: it is asked again within the attempt, not minutes later. */
    @Test
    void aTelephonyThatTakesNoMoreRequestsIsAskedAgainAtOnce() {
        worker.telephony.answer = dial ->
                worker.telephony.dialsTo(dial.call().toE164()).size() == 1
                        ? new DialOutcome.Refused("telephony_busy", "busy", "wait", 20429, true)
                        : new DialOutcome.Accepted(dial.callSid());
        NewCall call = worker.request(worker.user(10));
        worker.accept(call);
        await().atMost(Duration.ofSeconds(20))
                .until(() -> worker.telephony.dialsTo(call.phone().value()).size() == 2);
        await().atMost(Duration.ofSeconds(10))
                .untilAsserted(() -> assertThat(
                                DB.query("select attempt, state from dial_intents where call_id = '" + call.id() + "'"))
                        .containsExactly(Map.of("attempt", 1, "state", "ACCEPTED")));
    }

    /** The worker died after the refusal was written: its activity comes again, and says what was said before. */
    @Test
    void aRefusalThatMayPassIsToldAsSuchWhenAskedAgain() {
        worker.telephony.answer =
                dial -> new DialOutcome.Refused("telephony_unreachable", "no connection", "wait", 0, true);
        NewCall call = worker.request(worker.user(10));
        worker.accept(call);
        await().atMost(Duration.ofSeconds(60)).until(() -> worker.status(call) == CallStatus.RETRY_WAIT);
        DialResult again = worker.bean(DialActivities.class).dial(call.id(), 1, false);
        assertThat(again.kind()).isEqualTo(DialResult.Kind.FAILED);
        assertThat(worker.telephony.dialsTo(call.phone().value())).hasSize(1);
    }

    /** The reply was lost, nothing was listed in time, the attempt was given up: its first callback ends it. */
    @Test
    void aDialThatWasAbandonedIsCancelledAtItsFirstCallback() {
        worker.telephony.answer = dial -> new DialOutcome.Unknown("reply dropped");
        NewCall call = worker.request(worker.user(10));
        worker.accept(call);
        String sid = dialled(call);
        DB.execute("update dial_intents set state = 'ABANDONED', call_sid = null where call_id = '" + call.id() + "'");
        worker.webhook(call, 1, sid, "ringing", Map.of());
        await().atMost(Duration.ofSeconds(30)).until(() -> worker.telephony.ended.contains(sid));
    }

    /** I10, guard: codec and ids. Nothing in a history tells who was called, or what was said. */
    @Test
    void historiesHoldNoPersonalDataInClear() {
        NewCall call = worker.request(worker.user(0));
        worker.accept(call);
        await().atMost(Duration.ofSeconds(30)).until(() -> worker.status(call) == CallStatus.REFUSED);
        String history = worker.workflows()
                .fetchHistory(CallWorkflows.workflowId(call.id()))
                .toJson(false);
        assertThat(history)
                .doesNotContain(call.phone().value().substring(1), "example.com", "insufficient_credit")
                .contains("YmluYXJ5L2VuY3J5cHRlZA");
    }

    private static String dialled(NewCall call) {
        await().atMost(Duration.ofSeconds(30))
                .until(() -> !worker.telephony.dialsTo(call.phone().value()).isEmpty());
        return worker.telephony.dialsTo(call.phone().value()).getFirst().callSid();
    }

    /** What telephony and voice worker do during a talk, in a few lines. */
    private static void talk(NewCall call, String sid, int attempt, int seconds) {
        worker.webhook(call, attempt, sid, "ringing", Map.of());
        worker.webhook(call, attempt, sid, "in-progress", Map.of());
        String token = worker.bean(StreamTokens.class)
                .issue(call.id(), attempt, List.of(new VoiceWorker("w1", "ws://127.0.0.1/media", "voice-w1", 5, 0)))
                .block()
                .getFirst();
        var claimed = (ClaimOutcome.Claimed) worker.bean(MediaOwners.class)
                .claim(StreamTokens.hash(token), "w1", Limits.MEDIA_LEASE)
                .block();
        assertThat(claimed.brief().greeting()).contains("Ann").doesNotContain("{name}");
        CallWorkflow workflow =
                worker.workflows().newWorkflowStub(CallWorkflow.class, CallWorkflows.workflowId(call.id()));
        workflow.mediaConnected(new MediaConnected(attempt, claimed.mediaLeg(), "w1", "voice-w1", sid));
        worker.bean(ConversationJournal.class)
                .appendBatch(
                        "w1",
                        List.of(new JournalEvent(
                                call.id(),
                                1,
                                1,
                                Instant.now(),
                                JournalKind.USER_SAID,
                                1,
                                0,
                                "Hello there",
                                List.of(),
                                null,
                                false,
                                null,
                                null)),
                        Instant.now())
                .collectList()
                .block();
        workflow.usage(new UsageReport(
                call.id(),
                1,
                1,
                Instant.now(),
                1_000L * seconds,
                true,
                new UsageTotals(Map.of(), Map.of("llama3.1-8b", 500L), Map.of("llama3.1-8b", 50L), Map.of())));
        workflow.mediaEnded(new MediaEnded(
                attempt,
                1,
                new ConverseResult(
                        ConverseResult.End.CALL_ENDED, EndedBy.USER, "user_hung_up", 1_000L * seconds, 2, 0, false)));
        worker.bean(MediaOwners.class).release(call.id(), 1, "w1").block();
        worker.webhook(
                call,
                attempt,
                sid,
                "completed",
                Map.of("CallDuration", String.valueOf(seconds), "AnsweredBy", "human"));
    }
}
