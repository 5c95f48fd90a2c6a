package ai.callmeback.workflows.pricing;

import static org.assertj.core.api.Assertions.assertThat;

import ai.callmeback.workflows.call.CallWorkflows;
import io.temporal.client.WorkflowClient;
import io.temporal.client.WorkflowOptions;
import io.temporal.testing.TestWorkflowEnvironment;
import io.temporal.testing.WorkflowReplayer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Vendors that answer and one that does not, in skipped time. The history is recorded with {@code
 * -Dcallmeback.histories.write=true} and replayed by each run.
 */
@Timeout(60)
class PricingRefreshWorkflowTest {
    private static final Path RECORDING = Path.of("src/test/resources/histories/pricing_refresh.json");
    private static final String RUN = new UUID(0, 9).toString();

    private TestWorkflowEnvironment env;
    private final Steps steps = new Steps();

    private static final class Steps implements PricingActivities {
        final List<String> done = new ArrayList<>();

        @Nullable
        PriceSource broken;

        @Nullable
        String begunBy;

        @Override
        public void beginRefresh(String runId, String startedBy) {
            begunBy = startedBy;
        }

        @Override
        public PricingProgress readPrices(String runId, PriceSource source, PricingProgress soFar) {
            done.add(source.name());
            if (source == broken) {
                throw new IllegalStateException("no answer");
            }
            return soFar.plus(new PricingProgress(2, 1, 1, 0, 0, 0));
        }

        @Override
        public void finishRefresh(String runId, PricingProgress progress) {
            done.add("finished " + runId);
        }
    }

    @BeforeEach
    void open() {
        env = TestWorkflowEnvironment.newInstance();
        var worker = env.newWorker(CallWorkflows.TASK_QUEUE);
        worker.registerWorkflowImplementationTypes(PricingRefreshWorkflowImpl.class);
        worker.registerActivitiesImplementations(steps);
        env.start();
    }

    @AfterEach
    void close() {
        env.close();
    }

    @Test
    void aSourceThatDoesNotAnswerIsLeftAndTheOthersAreRead() throws Exception {
        steps.broken = PriceSource.MODEL_LIST;
        String id = PricingWorkflows.workflowId(RUN);
        PricingRefreshWorkflow workflow = workflow(id);
        WorkflowClient.start(workflow::run, PricingInput.ofRun(RUN));

        PricingProgress progress = result(id);

        long sources = PriceSource.values().length;
        assertThat(progress).isEqualTo(new PricingProgress(2 * (sources - 1), sources - 1, sources - 1, 0, 0, 1));
        assertThat(workflow.progress()).isEqualTo(progress);
        assertThat(steps.done.stream().filter("MODEL_LIST"::equals))
                .as("asked in all")
                .hasSize(5);
        assertThat(steps.done).startsWith("TWILIO_API").endsWith("RESEND_PAGE", "finished " + RUN);
        replayed(id);
    }

    @Test
    void aRunThatTemporalStartsHasANameOfItsOwn() {
        PricingRefreshWorkflow workflow = workflow("daily-1");
        WorkflowClient.start(workflow::run, PricingInput.daily());
        result("daily-1");

        assertThat(steps.begunBy).isEqualTo("schedule");
        assertThat(UUID.fromString(steps.done.getLast().substring("finished ".length())))
                .isNotNull();
    }

    private PricingRefreshWorkflow workflow(String id) {
        return env.getWorkflowClient()
                .newWorkflowStub(
                        PricingRefreshWorkflow.class,
                        WorkflowOptions.newBuilder()
                                .setTaskQueue(CallWorkflows.TASK_QUEUE)
                                .setWorkflowId(id)
                                .build());
    }

    private PricingProgress result(String id) {
        return env.getWorkflowClient().newUntypedWorkflowStub(id).getResult(PricingProgress.class);
    }

    private void replayed(String workflowId) throws Exception {
        if (Boolean.getBoolean("callmeback.histories.write")) {
            String history = env.getWorkflowClient().fetchHistory(workflowId).toJson(true);
            Files.writeString(RECORDING, history.replaceAll("[0-9]+@[^\"]+", "worker@test"));
        }
        WorkflowReplayer.replayWorkflowExecution(Files.readString(RECORDING), PricingRefreshWorkflowImpl.class);
    }
}
