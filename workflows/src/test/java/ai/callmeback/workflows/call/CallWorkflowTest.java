package ai.callmeback.workflows.call;

import static ai.callmeback.domain.call.CallStatus.*;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import ai.callmeback.domain.call.CallStatus;
import ai.callmeback.domain.call.EndedBy;
import ai.callmeback.domain.call.TelephonyState;
import ai.callmeback.domain.usage.UsageReport;
import ai.callmeback.workflows.call.AftercareActivities.Notice;
import ai.callmeback.workflows.call.FakeWorld.Phone;
import io.temporal.client.WorkflowStub;
import io.temporal.client.WorkflowUpdateException;
import io.temporal.client.WorkflowUpdateHandle;
import io.temporal.client.WorkflowUpdateStage;
import io.temporal.failure.ApplicationFailure;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
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
    void aScheduledCallWaitsAndGoesOnInAFreshRun() {
        world.immediate = false;
        world.scheduledFor = harness.now().plus(Duration.ofDays(20));
        CallWorkflow call = harness.start();
        harness.pass(Duration.ofDays(19));
        assertThat(call.status().status()).isEqualTo(SCHEDULED);

        assertThat(harness.finish(call).status()).isEqualTo(COMPLETED);
        assertThat(harness.now()).isAfterOrEqualTo(world.scheduledFor);
    }

    @Test
    void aRescheduledCallRingsAtItsNewTime() {
        world.immediate = false;
        world.scheduledFor = harness.now().plus(Duration.ofHours(2));
        CallWorkflow call = harness.start();
        Instant later = harness.now().plus(Duration.ofHours(9));
        assertThat(call.reschedule(new Requests.Reschedule(later, "2027-01-01T07:00", "UTC"))
                        .scheduledFor())
                .isEqualTo(later);
        harness.pass(Duration.ofHours(3));
        assertThat(world.posts).isEmpty();

        assertThat(harness.finish(call).status()).isEqualTo(COMPLETED);
        assertThat(harness.now()).isAfterOrEqualTo(later);
    }

    @Test
    void aTimeInThePastIsNoReschedule() {
        world.immediate = false;
        world.scheduledFor = harness.now().plus(Duration.ofHours(2));
        CallWorkflow call = harness.start();
        assertCode(
                "past_time",
                () -> call.reschedule(
                        new Requests.Reschedule(harness.now().minusSeconds(1), "2020-01-01T07:00", "UTC")));
    }

    @Test
    void aScheduledCallCanBeCancelledTwice() {
        world.immediate = false;
        world.scheduledFor = harness.now().plus(Duration.ofHours(2));
        CallWorkflow call = harness.start();
        assertThat(call.cancel(new Requests.Cancel("user")).status()).isEqualTo(CANCELED);
        assertThat(harness.finish(call).status()).isEqualTo(CANCELED);
        assertThat(world.posts).isEmpty();
    }

    /** The API writes a cancel to the row while Temporal is away: the workflow finds it when it wakes, and rings nobody. */
    @Test
    void aCallCancelledInItsRowIsNotRung() {
        world.immediate = false;
        world.scheduledFor = harness.now().plus(Duration.ofHours(2));
        CallWorkflow call = harness.start();
        harness.pass(Duration.ofHours(1));
        world.status = CANCELED;

        assertThat(harness.finish(call).status()).isEqualTo(CANCELED);
        assertThat(world.posts).isEmpty();
        assertThat(world.moves).isEmpty();
        assertThat(world.notices).isEmpty();
    }

    /** As above, but it is written between the workflow's look at the row and its first step. */
    @Test
    void aCallCancelledInItsRowAtTheLastMomentIsNotRung() {
        world.cancelOnLoad = true;

        assertThat(harness.run().status()).isEqualTo(CANCELED);
        assertThat(world.posts).isEmpty();
    }

    @Test
    void aRingingCallCanBeCancelled() {
        world.phone = attempt -> Phone.RINGS_ON;
        CallWorkflow call = harness.start();
        await().until(() -> call.status().status() == RINGING);
        assertThat(call.cancel(new Requests.Cancel("user")).status()).isEqualTo(CANCELED);
        assertThat(harness.finish(call).status()).isEqualTo(CANCELED);
        assertThat(world.commands).contains("end 1");
        assertThat(world.settlements.get()).as("the hold is given back").isEqualTo(1);
    }

    @Test
    void aCallWaitingForItsNextAttemptCanBeCancelled() {
        world.phone = attempt -> Phone.BUSY;
        CallWorkflow call = harness.start();
        await().until(() -> call.status().status() == RETRY_WAIT);
        assertThat(call.cancel(new Requests.Cancel("user")).status()).isEqualTo(CANCELED);
        assertThat(world.posts).containsExactly(1);
    }

    @Test
    void anAnsweredCallCannotBeCancelled() {
        world.talk = leg -> hangsUntilAsked();
        CallWorkflow call = harness.start();
        await().until(() -> call.status().status() == IN_PROGRESS);
        assertCode("call_answered", () -> call.cancel(new Requests.Cancel("user")));
        world.report(1, TelephonyState.COMPLETED);
        assertThat(harness.finish(call).status()).isEqualTo(COMPLETED);
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
    void aTalkHandedOverGoesOnAtTheNextWorker() {
        world.talk = leg -> {
            if (leg == 1) {
                world.connectMedia(1, 2);
                return new ConverseResult(ConverseResult.End.HANDED_OVER, null, "drain", 20_000, 5, 0, false);
            }
            return FakeWorld.userHungUp();
        };
        assertThat(harness.run().status()).isEqualTo(COMPLETED);
        assertThat(world.posts).containsExactly(1);
        assertThat(world.commands).doesNotContain("redirect 1");
    }

    @Test
    void aSilentTelephonyIsRedirectedWhenItsWorkerIsDead() {
        world.talk = leg -> {
            if (leg == 1) {
                world.media = new MediaActivities.MediaLook(1, 1, "w1", false, false);
                throw ApplicationFailure.newNonRetryableFailure("killed", "killed");
            }
            return FakeWorld.userHungUp();
        };
        assertThat(harness.run().status()).isEqualTo(COMPLETED);
        assertThat(world.commands).contains("redirect 1");
        assertThat(world.posts).containsExactly(1);
    }

    @Test
    void aLostHeartbeatOfALivingWorkerOnlyAttachesAgain() {
        var tries = new java.util.concurrent.atomic.AtomicInteger();
        world.talk = leg -> {
            if (tries.incrementAndGet() < 3) {
                throw ApplicationFailure.newNonRetryableFailure("heartbeat", "timeout");
            }
            return FakeWorld.userHungUp();
        };
        assertThat(harness.run().status()).isEqualTo(COMPLETED);
        assertThat(tries).hasValue(3);
        assertThat(world.commands).doesNotContain("redirect 1", "end 1");
    }

    @Test
    void aCallCutOffByADeathIsRungAgainOnce() {
        world.talk = leg -> {
            if (leg <= 2) {
                world.media = new MediaActivities.MediaLook(leg, leg, "w1", false, false);
                world.report(leg, TelephonyState.COMPLETED);
                throw ApplicationFailure.newNonRetryableFailure("killed", "killed");
            }
            return FakeWorld.userHungUp();
        };
        CallSummary summary = harness.run();
        assertThat(summary.status()).isEqualTo(COMPLETED);
        assertThat(world.posts).as("once, not for ever").containsExactly(1, 2);
        assertThat(world.commands).contains("brief 2 after cut-off");
        assertThat(world.ends).containsExactly(new TalkEnd(EndedBy.ERROR, "cut_off", 0, false));
    }

    /** The lease of a worker outlives it by seconds: the hang-up of the telephony may be heard before it has run out. */
    @Test
    void aCutOffIsRecognisedThoughTheDeadWorkersLeaseStillRuns() {
        world.talk = leg -> {
            if (leg == 1) {
                world.looks.add(new MediaActivities.MediaLook(1, 1, "w1", true, false));
                world.media = new MediaActivities.MediaLook(1, 1, "w1", false, false);
                world.report(1, TelephonyState.COMPLETED);
                throw ApplicationFailure.newNonRetryableFailure("killed", "killed");
            }
            return FakeWorld.userHungUp();
        };
        assertThat(harness.run().status()).isEqualTo(COMPLETED);
        assertThat(world.posts).containsExactly(1, 2);
        assertThat(world.ends)
                .as("the talk after it, alone")
                .containsExactly(new TalkEnd(EndedBy.USER, "user_hung_up", 0, false));
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
    void anAnsweredCallWithoutMediaIsRedirected() {
        world.phone = attempt -> Phone.ANSWERS_WITHOUT_MEDIA;
        assertThat(harness.run().status()).isEqualTo(COMPLETED);
        assertThat(world.commands).contains("redirect 1");
    }

    @Test
    void hangingUpAsksTheWorkerThenTheTelephony() {
        world.talk = leg -> hangsUntilAsked();
        CallWorkflow call = harness.start();
        await().until(() -> call.status().status() == IN_PROGRESS);
        WorkflowUpdateHandle<CallView> hangUp = WorkflowStub.fromTyped(call)
                .startUpdate("hangUp", WorkflowUpdateStage.ACCEPTED, CallView.class, new Requests.HangUp("user"));
        // Time is skipped while the result of the call is waited for, not while that of an update is.
        harness.finish(call);
        assertThat(hangUp.getResult().status()).isNotEqualTo(IN_PROGRESS);
        assertThat(world.commands).containsSubsequence("hang up by user", "end 1");
        assertThat(world.ends).extracting(TalkEnd::endedBy).containsExactly(EndedBy.USER);
    }

    /** A watch that fails at once is attached again ever more slowly, also while the worker has its time to hang up. */
    @Test
    void aFailingWatchDoesNotFillTheHistoryWhileTheHangUpIsAwaited() {
        AtomicInteger attached = new AtomicInteger();
        world.talk = leg -> {
            attached.incrementAndGet();
            return hangsUntilAsked();
        };
        CallWorkflow call = harness.start();
        await().until(() -> call.status().status() == IN_PROGRESS);
        WorkflowStub.fromTyped(call)
                .startUpdate("hangUp", WorkflowUpdateStage.ACCEPTED, CallView.class, new Requests.HangUp("user"));
        harness.finish(call);
        assertThat(attached).hasValueLessThan(10);
    }

    @Test
    void anExtensionIsHeldOncePerRequest() {
        world.talk = leg -> hangsUntilAsked();
        CallWorkflow call = harness.start();
        await().until(() -> call.status().status() == IN_PROGRESS);
        assertThat(call.extend(new Requests.Extend(2, "r1")).plannedSeconds()).isEqualTo(420);
        assertThat(call.extend(new Requests.Extend(2, "r1")).plannedSeconds()).isEqualTo(420);
        assertCode("too_long", () -> call.extend(new Requests.Extend(9, "r2")));
        world.extensionRefusal = "insufficient_credit";
        assertCode("insufficient_credit", () -> call.extend(new Requests.Extend(1, "r3")));
        world.report(1, TelephonyState.COMPLETED);
        harness.finish(call);
    }

    @Test
    void updatesOfAPhaseThatIsOverAreRefused() {
        world.talk = leg -> hangsUntilAsked();
        CallWorkflow call = harness.start();
        await().until(() -> call.status().status() == IN_PROGRESS);
        assertCode(
                "not_reschedulable",
                () -> call.reschedule(
                        new Requests.Reschedule(harness.now().plusSeconds(60), "2027-01-01T07:00", "UTC")));
        world.report(1, TelephonyState.COMPLETED);
        harness.finish(call);
    }

    /** I9: a worker that never hangs up is ended by REST when the time is up. */
    @Test
    void anEndlessTalkIsEndedByTheWorkflow() {
        world.talk = leg -> hangsUntilAsked();
        CallSummary summary = harness.run();
        assertThat(summary.status()).isEqualTo(COMPLETED);
        assertThat(world.commands).contains("end 1");
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

    private ConverseResult hangsUntilAsked() {
        // The worker never returns by itself; the activity is given up when the workflow has no more use for it.
        throw io.temporal.failure.ApplicationFailure.newNonRetryableFailure("the watch ended", "watch");
    }

    private static void assertCode(String code, ThrowingCallable call) {
        assertThatThrownBy(call)
                .isInstanceOf(WorkflowUpdateException.class)
                .satisfies(
                        e -> assertThat(CallWorkflows.refusal(e).orElseThrow().code())
                                .as("%s, caused by %s", e, e.getCause())
                                .isEqualTo(code));
    }
}
