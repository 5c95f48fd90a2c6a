package ai.callmeback.workflows.reconcile;

import static org.assertj.core.api.Assertions.assertThat;

import ai.callmeback.workflows.call.CallWorkflows;
import io.temporal.api.history.v1.HistoryEvent;
import io.temporal.client.WorkflowClient;
import io.temporal.client.WorkflowOptions;
import io.temporal.testing.TestWorkflowEnvironment;
import io.temporal.testing.WorkflowReplayer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Runs against vendors with pages, in skipped time. The history is recorded with {@code
 * -Dcallmeback.histories.write=true} and replayed by each run.
 */
@Timeout(60)
class ReconciliationWorkflowTest {
    private static final Path RECORDINGS = Path.of("src/test/resources/histories");
    private static final String RUN = new UUID(0, 7).toString();
    private static final Instant FROM = Instant.parse("2026-11-18T00:00:00Z");
    private static final Instant UNTIL = Instant.parse("2026-11-21T00:00:00Z");

    private TestWorkflowEnvironment env;
    private final Steps steps = new Steps();

    /** Twilio has three pages, the others one; each page corrects one of its ten records. */
    private static final class Steps implements ReconciliationActivities {
        final List<String> done = new ArrayList<>();

        @Nullable
        String begunBy;

        @Nullable
        String runId;

        int failures;

        @Nullable
        BilledVendor away;

        String awayFrom = "null";
        int asked;
        LeftOut leftOut = new LeftOut(List.of(), ReconciliationProgress.NONE);
        List<Gap> gaps = List.of();

        @Override
        public Range beginRun(String run, @Nullable Instant from, @Nullable Instant until, String startedBy) {
            runId = run;
            begunBy = startedBy;
            return new Range(from == null ? FROM : from, until == null ? UNTIL : until);
        }

        @Override
        public Page holdPage(
                String run, Range range, BilledVendor vendor, @Nullable String cursor, ReconciliationProgress soFar) {
            if (failures > 0) {
                failures--;
                throw new IllegalStateException("the vendor does not answer");
            }
            answers(vendor, String.valueOf(cursor));
            done.add(vendor + " " + cursor);
            int page = cursor == null ? 1 : Integer.parseInt(cursor);
            boolean last = vendor != BilledVendor.TWILIO || page == 3;
            return new Page(
                    soFar.plus(new ReconciliationProgress(10, 9, 1, 0, 0, 0, 1_000)),
                    last ? null : String.valueOf(page + 1));
        }

        @Override
        public ReconciliationProgress findMissing(
                String run, Range range, BilledVendor vendor, ReconciliationProgress soFar) {
            answers(vendor, "missing");
            done.add(vendor + " missing");
            return soFar.plus(new ReconciliationProgress(0, 0, 0, 0, 1, 1, 0));
        }

        @Override
        public void finishRun(String run, ReconciliationProgress progress) {
            done.add("finished " + progress.records());
        }

        @Override
        public LeftOut leftOut(String run) {
            return leftOut;
        }

        @Override
        public void endRun(String run, ReconciliationProgress progress, List<Gap> left) {
            gaps = left;
            leftOut = new LeftOut(left, progress);
            finishRun(run, progress);
        }

        private void answers(BilledVendor vendor, String step) {
            if (vendor == away && step.equals(awayFrom)) {
                asked++;
                throw new IllegalStateException("the vendor is away");
            }
        }
    }

    @BeforeEach
    void open() {
        env = TestWorkflowEnvironment.newInstance();
        var worker = env.newWorker(CallWorkflows.TASK_QUEUE);
        worker.registerWorkflowImplementationTypes(ReconciliationWorkflowImpl.class);
        worker.registerActivitiesImplementations(steps);
        env.start();
    }

    @AfterEach
    void close() {
        env.close();
    }

    @Test
    void everyPageOfEveryVendorIsHeldThenWhatIsMissing() throws Exception {
        steps.failures = 3;
        String id = ReconciliationWorkflows.workflowId(RUN);
        ReconciliationWorkflow workflow = workflow(id);
        WorkflowClient.start(workflow::run, ReconciliationInput.ofRun(RUN));

        ReconciliationProgress progress = result(id);

        assertThat(steps.done)
                .containsExactly(
                        "TWILIO null",
                        "TWILIO 2",
                        "TWILIO 3",
                        "TWILIO missing",
                        "STRIPE null",
                        "STRIPE missing",
                        "DEEPGRAM null",
                        "DEEPGRAM missing",
                        "ELEVENLABS null",
                        "ELEVENLABS missing",
                        "finished 60");
        assertThat(progress).isEqualTo(new ReconciliationProgress(60, 54, 6, 0, 4, 4, 6_000));
        assertThat(workflow.progress()).isEqualTo(progress);
        replayed("reconciliation_of_bounded_patience", id);
    }

    /** Ten tries, the others all the same; resumed, it goes on at the page that could not be had. */
    @Test
    void aVendorThatStaysAwayIsLeftOutAndHeldWhenTheRunIsResumed() throws Exception {
        steps.away = BilledVendor.TWILIO;
        steps.awayFrom = "2";
        ReconciliationProgress first = once("w1");

        assertThat(steps.asked).as("tries").isEqualTo(10);
        assertThat(first.records()).isEqualTo(40);
        assertThat(steps.done).doesNotContain("TWILIO missing").endsWith("ELEVENLABS missing", "finished 40");
        assertThat(steps.gaps).singleElement().satisfies(gap -> {
            assertThat(gap.vendor()).isEqualTo(BilledVendor.TWILIO);
            assertThat(gap.cursor()).isEqualTo("2");
            assertThat(gap.reason()).contains("10 tries");
        });
        replayed("reconciliation_incomplete", "w1");

        steps.away = null;
        steps.done.clear();
        ReconciliationProgress resumed = once("w2");

        assertThat(steps.done).containsExactly("TWILIO 2", "TWILIO 3", "TWILIO missing", "finished 60");
        assertThat(resumed).isEqualTo(new ReconciliationProgress(60, 54, 6, 0, 4, 4, 6_000));
        assertThat(steps.gaps).isEmpty();
        replayed("reconciliation_resumed", "w2");
    }

    @Test
    void whatIsMissingIsLookedForAgainWithoutThePages() {
        steps.away = BilledVendor.STRIPE;
        steps.awayFrom = "missing";
        once("w1");
        steps.away = null;
        steps.done.clear();
        once("w2");

        assertThat(steps.done).containsExactly("STRIPE missing", "finished 60");
    }

    /** In skipped time: the pauses between tries are what the run takes. */
    @Test
    void allTriesOfAStepEndWithinTenMinutes() {
        steps.away = BilledVendor.DEEPGRAM;
        once("w1");

        List<HistoryEvent> events = env.getWorkflowClient().fetchHistory("w1").getEvents();
        long seconds = events.getLast().getEventTime().getSeconds()
                - events.getFirst().getEventTime().getSeconds();
        assertThat(seconds).isBetween(4 * 60L, 10 * 60L);
    }

    /** Recorded when a vendor was waited for without end. */
    @Test
    void aRunOfFourVendorsGoesOnAsItBegan() throws Exception {
        WorkflowReplayer.replayWorkflowExecution(
                Files.readString(RECORDINGS.resolve("reconciliation_of_four.json")), ReconciliationWorkflowImpl.class);
    }

    /** It was recorded when two vendors were held. */
    @Test
    void aRunOfBeforeGoesOnAsItBegan() throws Exception {
        WorkflowReplayer.replayWorkflowExecution(
                Files.readString(RECORDINGS.resolve("reconciliation.json")), ReconciliationWorkflowImpl.class);
    }

    @Test
    void aRunThatTemporalStartsHasANameOfItsOwn() {
        ReconciliationWorkflow workflow = workflow("daily-1");
        WorkflowClient.start(workflow::run, ReconciliationInput.daily());
        result("daily-1");

        assertThat(steps.begunBy).isEqualTo("schedule");
        assertThat(UUID.fromString(String.valueOf(steps.runId))).isNotNull();
    }

    @Test
    void aRunGoesOnWhereAnEarlierExecutionLeftOff() {
        var point = new ReconciliationInput.Point(
                BilledVendor.TWILIO, "3", new ReconciliationProgress(20, 18, 2, 0, 0, 0, 2_000), null, null);
        ReconciliationWorkflow workflow = workflow("w1");
        WorkflowClient.start(workflow::run, new ReconciliationInput(RUN, FROM, UNTIL, null, point));

        assertThat(result("w1").records()).isEqualTo(60);
        assertThat(steps.done).startsWith("TWILIO 3", "TWILIO missing", "STRIPE null");
    }

    /** What waits to be held, and was left out, goes along when a run continues as new. */
    @Test
    void aResumedRunGoesOnWhereAnEarlierExecutionLeftOff() {
        var point = new ReconciliationInput.Point(
                BilledVendor.TWILIO,
                "3",
                ReconciliationProgress.NONE,
                List.of(Gap.all(BilledVendor.DEEPGRAM)),
                List.of(Gap.all(BilledVendor.STRIPE)));
        WorkflowClient.start(workflow("w1")::run, new ReconciliationInput(RUN, FROM, UNTIL, null, point));
        result("w1");

        assertThat(steps.done)
                .containsExactly("TWILIO 3", "TWILIO missing", "DEEPGRAM null", "DEEPGRAM missing", "finished 20");
        assertThat(steps.gaps).containsExactly(Gap.all(BilledVendor.STRIPE));
    }

    private ReconciliationProgress once(String id) {
        WorkflowClient.start(workflow(id)::run, ReconciliationInput.ofRun(RUN));
        return result(id);
    }

    private ReconciliationWorkflow workflow(String id) {
        return env.getWorkflowClient()
                .newWorkflowStub(
                        ReconciliationWorkflow.class,
                        WorkflowOptions.newBuilder()
                                .setTaskQueue(CallWorkflows.TASK_QUEUE)
                                .setWorkflowId(id)
                                .build());
    }

    private ReconciliationProgress result(String id) {
        return env.getWorkflowClient().newUntypedWorkflowStub(id).getResult(ReconciliationProgress.class);
    }

    private void replayed(String name, String workflowId) throws Exception {
        Path recording = RECORDINGS.resolve(name + ".json");
        if (Boolean.getBoolean("callmeback.histories.write")) {
            String history = env.getWorkflowClient().fetchHistory(workflowId).toJson(true);
            Files.writeString(recording, history.replaceAll("[0-9]+@[^\"]+", "worker@test"));
        }
        WorkflowReplayer.replayWorkflowExecution(Files.readString(recording), ReconciliationWorkflowImpl.class);
    }
}
