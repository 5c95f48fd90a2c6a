package ai.callmeback.workflows.call;

import static ai.callmeback.domain.call.CallStatus.*;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import ai.callmeback.domain.call.EndedBy;
import ai.callmeback.domain.call.TelephonyState;
import ai.callmeback.workflows.call.FakeWorld.Phone;
import io.temporal.client.WorkflowStub;
import io.temporal.client.WorkflowUpdateException;
import io.temporal.client.WorkflowUpdateHandle;
import io.temporal.client.WorkflowUpdateStage;
import java.time.Duration;
import java.time.Instant;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What may be asked of a call while it waits, rings or talks, and what is refused. */
@Timeout(60)
class CallUpdatesTest {
    private final CallHarness harness = new CallHarness();
    private final FakeWorld world = harness.world;

    @AfterEach
    void close() {
        harness.close();
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
        CallView canceled = call.cancel(new Requests.Cancel("user"));
        assertThat(canceled.status()).isEqualTo(CANCELED);
        assertThat(canceled.reason()).as("not why the attempt before failed").isEqualTo("user");
        assertThat(world.posts).containsExactly(1);
    }

    @Test
    void anAnsweredCallCannotBeCancelled() {
        world.talk = FakeWorld.WATCH_ENDS;
        CallWorkflow call = harness.start();
        await().until(() -> call.status().status() == IN_PROGRESS);
        assertCode("call_answered", () -> call.cancel(new Requests.Cancel("user")));
        world.report(1, TelephonyState.COMPLETED);
        assertThat(harness.finish(call).status()).isEqualTo(COMPLETED);
    }

    @Test
    void hangingUpAsksTheWorkerThenTheTelephony() {
        world.talk = FakeWorld.WATCH_ENDS;
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

    @Test
    void anExtensionIsHeldOncePerRequest() {
        world.talk = FakeWorld.WATCH_ENDS;
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
    void anExtensionMovesTheTelephonysLimitBeforeItTakesCredit() {
        world.talk = FakeWorld.WATCH_ENDS;
        CallWorkflow call = harness.start();
        await().until(() -> call.status().status() == IN_PROGRESS);
        call.extend(new Requests.Extend(2, "r1"));
        call.extend(new Requests.Extend(2, "r1"));
        call.extend(new Requests.Extend(3, "r2"));
        assertThat(world.commands).containsSubsequence("limit 1 to 420", "limit 1 to 600");
        assertThat(world.commands).filteredOn(c -> c.startsWith("limit")).hasSize(2);
        world.limitFails = true;
        assertCode("telephony_unreachable", () -> call.extend(new Requests.Extend(1, "r3")));
        assertThat(world.extensionSeconds).as("nothing was held for r3").isEqualTo(300);
        world.report(1, TelephonyState.COMPLETED);
        harness.finish(call);
    }

    @Test
    void updatesOfAPhaseThatIsOverAreRefused() {
        world.talk = FakeWorld.WATCH_ENDS;
        CallWorkflow call = harness.start();
        await().until(() -> call.status().status() == IN_PROGRESS);
        assertCode(
                "not_reschedulable",
                () -> call.reschedule(
                        new Requests.Reschedule(harness.now().plusSeconds(60), "2027-01-01T07:00", "UTC")));
        world.report(1, TelephonyState.COMPLETED);
        harness.finish(call);
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
