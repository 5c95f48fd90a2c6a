package ai.callmeback.workflows.reconcile;

import static org.assertj.core.api.Assertions.assertThat;

import ai.callmeback.workflows.call.CallWorkflows;
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
            done.add(vendor + " missing");
            return soFar.plus(new ReconciliationProgress(0, 0, 0, 0, 1, 1, 0));
        }

        @Override
        public void finishRun(String run, ReconciliationProgress progress) {
            done.add("finished " + progress.records());
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
        replayed("reconciliation_of_four", id);
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
                BilledVendor.TWILIO, "3", new ReconciliationProgress(20, 18, 2, 0, 0, 0, 2_000));
        ReconciliationWorkflow workflow = workflow("w1");
        WorkflowClient.start(workflow::run, new ReconciliationInput(RUN, FROM, UNTIL, null, point));

        assertThat(result("w1").records()).isEqualTo(60);
        assertThat(steps.done).startsWith("TWILIO 3", "TWILIO missing", "STRIPE null");
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
