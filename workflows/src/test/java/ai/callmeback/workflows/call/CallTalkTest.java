package ai.callmeback.workflows.call;

import static ai.callmeback.domain.call.CallStatus.*;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import ai.callmeback.domain.call.EndedBy;
import ai.callmeback.domain.call.TelephonyState;
import ai.callmeback.workflows.call.FakeWorld.Phone;
import io.temporal.client.WorkflowStub;
import io.temporal.client.WorkflowUpdateStage;
import io.temporal.failure.ApplicationFailure;
import java.time.Instant;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The talk as the workflow sees it: handed over, cut off, left silent, without an end. */
@Timeout(60)
class CallTalkTest {
    private final CallHarness harness = new CallHarness();
    private final FakeWorld world = harness.world;

    @AfterEach
    void close() {
        harness.close();
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

    /** Guard: the end is reckoned from the answer. Reckoned from the leg, it forgets what was granted on the one before. */
    @Test
    void anExtensionHoldsOnTheLegsThatFollow() {
        AtomicBoolean extended = new AtomicBoolean();
        AtomicReference<Instant> leftAt = new AtomicReference<>(Instant.MAX);
        world.talk = leg -> {
            if (leg == 1 && extended.get()) {
                leftAt.set(harness.now());
                world.connectMedia(1, 2);
                return new ConverseResult(ConverseResult.End.HANDED_OVER, null, "drain", 20_000, 5, 0, false);
            }
            boolean over = leg == 2 && harness.now().isAfter(leftAt.get().plusSeconds(500));
            return over ? FakeWorld.userHungUp() : FakeWorld.WATCH_ENDS.apply(leg);
        };
        CallWorkflow call = harness.start();
        await().until(() -> call.status().status() == IN_PROGRESS);
        call.extend(new Requests.Extend(5, "r1"));
        extended.set(true);
        assertThat(harness.finish(call).status()).isEqualTo(COMPLETED);
        assertThat(world.commands).doesNotContain("end 1");
        assertThat(world.ends).containsExactly(new TalkEnd(EndedBy.USER, "user_hung_up", 0, false));
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
        var tries = new AtomicInteger();
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
    void anAnsweredCallWithoutMediaIsRedirected() {
        world.phone = attempt -> Phone.ANSWERS_WITHOUT_MEDIA;
        assertThat(harness.run().status()).isEqualTo(COMPLETED);
        assertThat(world.commands).contains("redirect 1");
    }

    /** A watch that fails at once is attached again ever more slowly, also while the worker has its time to hang up. */
    @Test
    void aFailingWatchDoesNotFillTheHistoryWhileTheHangUpIsAwaited() {
        AtomicInteger attached = new AtomicInteger();
        world.talk = leg -> {
            attached.incrementAndGet();
            return FakeWorld.WATCH_ENDS.apply(leg);
        };
        CallWorkflow call = harness.start();
        await().until(() -> call.status().status() == IN_PROGRESS);
        WorkflowStub.fromTyped(call)
                .startUpdate("hangUp", WorkflowUpdateStage.ACCEPTED, CallView.class, new Requests.HangUp("user"));
        harness.finish(call);
        assertThat(attached).hasValueLessThan(10);
    }

    /** I9: a worker that never hangs up is ended by REST when the time is up. */
    @Test
    void anEndlessTalkIsEndedByTheWorkflow() {
        world.talk = FakeWorld.WATCH_ENDS;
        CallSummary summary = harness.run();
        assertThat(summary.status()).isEqualTo(COMPLETED);
        assertThat(world.commands).contains("end 1");
    }
}
