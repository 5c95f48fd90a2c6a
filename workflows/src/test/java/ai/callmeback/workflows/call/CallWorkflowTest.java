package ai.callmeback.workflows.call;

import static ai.callmeback.domain.call.CallStatus.*;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import ai.callmeback.domain.call.CallStatus;
import ai.callmeback.domain.call.EndedBy;
import ai.callmeback.domain.call.TelephonyState;
import ai.callmeback.domain.usage.UsageReport;
import ai.callmeback.workflows.call.AftercareActivities.Notice;
import ai.callmeback.workflows.call.FakeWorld.Phone;
import io.temporal.failure.ApplicationFailure;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The paths of a call, with time skipped. */
@Timeout(60)
class CallWorkflowTest {
    private final CallHarness harness = new CallHarness();
    private final FakeWorld world = harness.world;

    @AfterEach
    void close() {
        harness.close();
    }

    @Test
    void anImmediateCallGoesFromPromiseToCosts() {
        CallSummary summary = harness.run();

        assertThat(summary).isEqualTo(new CallSummary(COMPLETED, "user_hung_up", 1, 60));
        assertThat(world.moves).containsExactly(DUE, ADMITTED, DIALING, IN_PROGRESS, ENDED, SETTLED, COMPLETED);
        assertThat(world.posts).containsExactly(1);
        assertThat(world.settlements.get()).isEqualTo(1);
        assertThat(world.ends).containsExactly(new TalkEnd(EndedBy.USER, "user_hung_up", 0, false));
        assertThat(world.usage).isNotEmpty();
        assertThat(world.commands).startsWith("brief 1");
    }

    @Test
    void anInboundCallIsTakenUpWhereTheWebhookLeftIt() {
        world.rings();
        CallWorkflow call = harness.start();
        world.report(1, TelephonyState.IN_PROGRESS);
        world.connectMedia(1, 1);
        assertThat(harness.finish(call)).isEqualTo(new CallSummary(COMPLETED, "user_hung_up", 1, 60));
        assertThat(world.posts).as("nothing is dialled").isEmpty();
        assertThat(world.moves).containsExactly(IN_PROGRESS, ENDED, SETTLED, COMPLETED);
        assertThat(world.commands).contains("limit 1 to 300").doesNotContain("brief 1");
        assertThat(world.settlements.get()).isEqualTo(1);
    }

    @Test
    void anInboundCallerWhoHangsUpBeforeTheTalkIsNotRungBackAndNotWrittenTo() {
        world.rings();
        CallWorkflow call = harness.start();
        world.report(1, TelephonyState.CANCELED);
        assertThat(harness.finish(call).status()).isEqualTo(UNANSWERED);
        assertThat(world.posts).isEmpty();
        assertThat(world.notices).isEmpty();
        assertThat(world.settlements.get()).as("the hold goes back").isEqualTo(1);
    }

    @Test
    void anInboundCallThatWeCutOffIsSettledAsSuchAndNotRungAgain() {
        world.rings();
        world.talk = leg -> {
            world.media = new MediaActivities.MediaLook(1, leg, "w1", false, false);
            world.report(1, TelephonyState.COMPLETED);
            throw ApplicationFailure.newNonRetryableFailure("killed", "killed");
        };
        CallWorkflow call = harness.start();
        world.report(1, TelephonyState.IN_PROGRESS);
        world.connectMedia(1, 1);
        assertThat(harness.finish(call).status()).isEqualTo(COMPLETED);
        assertThat(world.posts).isEmpty();
        assertThat(world.ends)
                .singleElement()
                .satisfies(end -> assertThat(end.reason()).isEqualTo(TalkEnd.CUT_OFF));
    }

    @Test
    void aScheduledCallWaitsAndGoesOnInAFreshRun() {
        world.immediate = false;
        world.scheduledFor = harness.now().plus(Duration.ofDays(20));
        CallWorkflow call = harness.start();
        harness.pass(Duration.ofDays(19));
        assertThat(call.status().status()).isEqualTo(SCHEDULED);

        assertThat(harness.finish(call).status()).isEqualTo(COMPLETED);
        assertThat(harness.now()).isAfterOrEqualTo(world.scheduledFor);
    }

    @ParameterizedTest
    @EnumSource(
            value = Phone.class,
            names = {"BUSY", "NO_ANSWER", "FAILS"})
    void threeAttemptsFiveAndFifteenMinutesApartThenItIsGivenUp(Phone unreached) {
        world.phone = attempt -> unreached;
        CallSummary summary = harness.run();

        assertThat(summary.status()).isEqualTo(UNANSWERED);
        assertThat(world.posts).containsExactly(1, 2, 3);
        assertThat(world.between(1, 2)).isBetween(Duration.ofMinutes(5), Duration.ofMinutes(6));
        assertThat(world.between(2, 3)).isBetween(Duration.ofMinutes(15), Duration.ofMinutes(16));
        assertThat(world.notices).containsExactly(Notice.UNANSWERED);
        assertThat(world.settlements.get()).isEqualTo(1);
    }

    @Test
    void theSecondAttemptReachesThePerson() {
        world.phone = attempt -> attempt == 1 ? Phone.BUSY : Phone.TALKS;
        assertThat(harness.run()).isEqualTo(new CallSummary(COMPLETED, "user_hung_up", 2, 60));
        assertThat(world.posts).containsExactly(1, 2);
    }

    @Test
    void aScheduledCallFoundTooLateIsMissedAndNeverDialled() {
        world.immediate = false;
        world.scheduledFor = harness.now().minus(Duration.ofMinutes(6));
        assertThat(harness.run().status()).isEqualTo(MISSED);
        assertThat(world.posts).isEmpty();
        assertThat(world.notices).containsExactly(Notice.MISSED);
        assertThat(world.moves).as("nothing held").containsExactly(MISSED);
    }

    @Test
    void aRefusedCallIsNotDialled() {
        world.refusal = "insufficient_credit";
        assertThat(harness.run()).isEqualTo(new CallSummary(REFUSED, "insufficient_credit", 0, 0));
        assertThat(world.posts).isEmpty();
        assertThat(world.notices).containsExactly(Notice.REFUSED);
    }

    @Test
    void aRefusalOfTheTelephonyEndsTheCallAtOnce() {
        world.dialAnswer = DialResult.of(DialResult.Kind.REFUSED, "trial_number_not_verified", "");
        assertThat(harness.run()).isEqualTo(new CallSummary(REFUSED, "trial_number_not_verified", 1, 0));
        assertThat(world.settlements.get()).isEqualTo(1);
    }

    /** I5, guard: the intent in {@code dial}. The workflow's part: UNKNOWN never leads to another dial of the attempt. */
    @Test
    void anUnknownDialResolvedByItsCallbackRingsOnce() {
        world.dialAnswer = DialResult.of(DialResult.Kind.UNKNOWN, "timeout", "");
        world.callbackBeforeAnswer = true;
        assertThat(harness.run().status()).isEqualTo(COMPLETED);
        assertThat(world.posts).containsExactly(1);
        assertThat(world.commands).doesNotContain("list 1", "abandon 1");
    }

    @Test
    void anUnknownDialResolvedByTheListRingsOnce() {
        world.dialAnswer = DialResult.of(DialResult.Kind.UNKNOWN, "timeout", "");
        world.listed = "CA1";
        assertThat(harness.run().status()).isEqualTo(COMPLETED);
        assertThat(world.posts).containsExactly(1);
        assertThat(world.commands).contains("list 1").doesNotContain("abandon 1");
    }

    @Test
    void anUnknownDialThatNeverShowsUpIsAbandonedAndTriedAgainByPolicy() {
        world.dialAnswer = DialResult.of(DialResult.Kind.UNKNOWN, "timeout", "");
        CallSummary summary = harness.run();
        assertThat(summary.status()).isEqualTo(UNANSWERED);
        assertThat(world.posts).containsExactly(1, 2, 3);
        assertThat(world.commands).contains("abandon 1", "abandon 2", "abandon 3");
    }

    @Test
    void theCostsWaitForTheLastUsageReportTheSettlementDoesNot() {
        world.lastUsageInTime = false;
        CallWorkflow call = harness.start();
        await().until(() -> world.settlements.get() == 1);
        world.use(1, 2, true);
        assertThat(harness.finish(call).status()).isEqualTo(COMPLETED);
        assertThat(world.usage).extracting(UsageReport::last).endsWith(true);
        assertThat(world.costRuns.get()).as("no correction").isEqualTo(1);
    }

    @Test
    void costsAreBookedThoughTheLastReportNeverComes() {
        world.lastUsageInTime = false;
        assertThat(harness.run().status()).isEqualTo(COMPLETED);
        assertThat(world.costRuns.get()).isEqualTo(1);
    }

    @Test
    void whileChargingIsStoppedTheDecisionWaits() {
        world.chargingStopped = true;
        assertThat(harness.run().status()).isEqualTo(COMPLETED);
        assertThat(world.settlements.get()).isEqualTo(1);
    }

    /** A wiped Temporal: the run begins anew from Postgres and never dials an attempt that has an intent. */
    @ParameterizedTest
    @EnumSource(
            value = CallStatus.class,
            names = {"DIALING", "RINGING", "IN_PROGRESS"})
    void aRunBegunAnewGoesOnWhereTheCallStands(CallStatus stands) {
        world.status = stands;
        world.intents.add(1);
        world.sids.put(1, "CA1");
        world.known = List.of(new CallSnapshot.Attempt(1, "CA1", TelephonyState.IN_PROGRESS, null, null));
        world.media = new MediaActivities.MediaLook(1, 1, "w1", true, false);
        assertThat(harness.run().status()).isEqualTo(COMPLETED);
        assertThat(world.posts).isEmpty();
    }

    /** I4, the workflow's part: whatever is begun anew after the settlement does not settle again. */
    @Test
    void aRunBegunAnewAfterTheSettlementOnlyRecordsCosts() {
        world.status = SETTLED;
        assertThat(harness.run().status()).isEqualTo(COMPLETED);
        assertThat(world.settlements.get()).isZero();
        assertThat(world.costRuns.get()).isEqualTo(1);
    }

    @Test
    void whatFollowsACallRunsUntilRetentionEnds() {
        harness.env
                .getWorkflowClient()
                .newWorkflowStub(AfterCallWorkflow.class, CallWorkflows.afterOptions(world.callId))
                .run(new CallInput(world.callId));
        assertThat(world.commands).containsSubsequence("transcript", "summary", "purge");
        assertThat(world.notices).contains(Notice.READY);
    }
}
