package ai.callmeback.workflows.call;

import static org.assertj.core.api.Assertions.assertThat;

import ai.callmeback.domain.call.CallStatus;
import ai.callmeback.domain.call.TelephonyState;
import ai.callmeback.workflows.call.FakeWorld.Phone;
import io.temporal.api.enums.v1.EventType;
import io.temporal.common.WorkflowExecutionHistory;
import io.temporal.failure.ApplicationFailure;
import io.temporal.testing.WorkflowReplayer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Replays recorded histories against today's code, so that a deploy cannot break a running call. When a change of the
 * workflow is meant, guard it by {@code Workflow.getVersion} and keep the old recordings; new ones are made with
 * {@code -Dcallmeback.histories.write=true}.
 */
@Timeout(60)
class CallHistoryTest {
    private static final Path RECORDINGS = Path.of("src/test/resources/histories");

    /** Events of the plain path, the promise to its costs. More than that is a change somebody should have meant. */
    private static final int EVENT_BUDGET = 130;

    private static final int WORKFLOW_TASK_BUDGET = 26;

    /** The paths that are recorded. */
    enum Story {
        PLAIN(world -> {}),
        SCHEDULED(world -> {
            world.immediate = false;
            world.scheduledFor = world.scheduledFor.plus(Duration.ofDays(3));
        }),
        BUSY_THEN_REACHED(world -> world.phone = attempt -> attempt == 1 ? Phone.BUSY : Phone.TALKS),
        UNKNOWN_THEN_LISTED(world -> {
            world.dialAnswer = DialResult.of(DialResult.Kind.UNKNOWN, "timeout", "");
            world.listed = "CA1";
        }),
        GIVEN_UP(world -> world.phone = attempt -> Phone.NO_ANSWER),
        HANDED_OVER(world -> world.talk = leg -> {
            if (leg == 1) {
                world.connectMedia(1, 2);
                return new ConverseResult(ConverseResult.End.HANDED_OVER, null, "drain", 20_000, 5, 0, false);
            }
            return FakeWorld.userHungUp();
        }),
        CUT_OFF_AND_NOT_REACHED_AGAIN(world -> {
            world.phone = attempt -> attempt == 1 ? Phone.TALKS : Phone.NO_ANSWER;
            world.talk = leg -> {
                world.media = new MediaActivities.MediaLook(leg, leg, "w1", false, false);
                world.report(leg, TelephonyState.COMPLETED);
                throw ApplicationFailure.newNonRetryableFailure("killed", "killed");
            };
        }),
        INBOUND(FakeWorld::rings),
        EXTENDED(world -> world.talk = leg -> {
            world.extend(2, "r1");
            return FakeWorld.userHungUp();
        }),
        CUT_OFF(world -> world.talk = leg -> {
            if (leg == 1) {
                world.media = new MediaActivities.MediaLook(leg, leg, "w1", false, false);
                world.report(leg, TelephonyState.COMPLETED);
                throw ApplicationFailure.newNonRetryableFailure("killed", "killed");
            }
            return FakeWorld.userHungUp();
        });

        @SuppressWarnings("ImmutableEnumChecker") // a lambda without state
        private final Consumer<FakeWorld> arrangement;

        Story(Consumer<FakeWorld> arrangement) {
            this.arrangement = arrangement;
        }

        Path recording() {
            return RECORDINGS.resolve(name().toLowerCase(java.util.Locale.ROOT) + ".json");
        }
    }

    @ParameterizedTest
    @EnumSource(Story.class)
    void recordedHistoriesReplay(Story story) throws Exception {
        if (Boolean.getBoolean("callmeback.histories.write")) {
            Files.createDirectories(RECORDINGS);
            Files.writeString(story.recording(), play(story).toJson(true).replaceAll("[0-9]+@[^\"]+", "worker@test"));
        }
        WorkflowReplayer.replayWorkflowExecution(Files.readString(story.recording()), CallWorkflowImpl.class);
    }

    /** The guard itself: a history that another code has made is told apart. */
    @Test
    void aHistoryOfOtherCodeDoesNotReplay() throws IOException {
        String other = Files.readString(Story.PLAIN.recording()).replace("\"Admit\"", "\"AdmitDifferently\"");
        assertThat(org.assertj.core.api.Assertions.catchThrowable(
                        () -> WorkflowReplayer.replayWorkflowExecution(other, CallWorkflowImpl.class)))
                .isNotNull();
    }

    @Test
    void thePlainPathStaysWithinItsBudget() {
        WorkflowExecutionHistory history = play(Story.PLAIN);
        assertThat(history.getEvents()).hasSizeLessThanOrEqualTo(EVENT_BUDGET);
        assertThat(history.getEvents())
                .filteredOn(e -> e.getEventType() == EventType.EVENT_TYPE_WORKFLOW_TASK_COMPLETED)
                .hasSizeLessThanOrEqualTo(WORKFLOW_TASK_BUDGET);
    }

    private static WorkflowExecutionHistory play(Story story) {
        try (var harness = new CallHarness()) {
            story.arrangement.accept(harness.world);
            CallWorkflow call = harness.start();
            if (harness.world.inbound) {
                harness.world.report(1, TelephonyState.IN_PROGRESS);
                harness.world.connectMedia(1, 1);
            }
            CallSummary summary = harness.finish(call);
            assertThat(summary.status()).isIn(CallStatus.COMPLETED, CallStatus.UNANSWERED);
            return harness.env.getWorkflowClient().fetchHistory(CallWorkflows.workflowId(harness.world.callId));
        }
    }
}
