package ai.callmeback.workflows.topup;

import static org.assertj.core.api.Assertions.assertThat;

import ai.callmeback.domain.topup.CardSetupId;
import ai.callmeback.domain.topup.CardSetupStatus;
import ai.callmeback.workflows.call.CallWorkflows;
import io.temporal.client.WorkflowClient;
import io.temporal.client.WorkflowStub;
import io.temporal.testing.TestWorkflowEnvironment;
import io.temporal.testing.WorkflowReplayer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * The saving of a card against a vendor that moves with the clock, in skipped time. The histories of these paths are recorded
 * with {@code -Dcallmeback.histories.write=true} and replayed by each run.
 */
@Timeout(60)
class CardSetupWorkflowTest {
    private static final Path RECORDINGS = Path.of("src/test/resources/histories");

    private final CardSetupId id = new CardSetupId(UUID.fromString("00000000-0000-4000-8000-000000000033"));
    private TestWorkflowEnvironment env;
    private World world;

    /** What the activities find: the vendor as a function of time. */
    private final class World implements CardSetupActivities {
        final List<String> done = new ArrayList<>();
        final long began = env.currentTimeMillis();
        CardSetupStatus status = CardSetupStatus.NEW;
        Duration savedAfter = Duration.ofDays(400);
        Duration withdrawnAfter = Duration.ofDays(400);
        Duration expiresAfter = Duration.ofHours(2);

        private boolean past(Duration time) {
            return env.currentTimeMillis() - began >= time.toMillis();
        }

        private Standing standing() {
            return new Standing(status, began + expiresAfter.toMillis());
        }

        @Override
        public Standing open(CardSetupId setup) {
            done.add("open");
            status = status == CardSetupStatus.NEW ? CardSetupStatus.OPEN : status;
            return standing();
        }

        @Override
        public Standing examine(CardSetupId setup) {
            done.add("examine");
            if (status == CardSetupStatus.OPEN) {
                status = past(withdrawnAfter)
                        ? CardSetupStatus.WITHDRAWN
                        : past(savedAfter)
                                ? CardSetupStatus.SAVED
                                : past(expiresAfter) ? CardSetupStatus.EXPIRED : CardSetupStatus.OPEN;
            }
            return standing();
        }

        @Override
        public void close(CardSetupId setup) {
            done.add("close");
        }
    }

    @BeforeEach
    void open() {
        env = TestWorkflowEnvironment.newInstance();
        world = new World();
        var worker = env.newWorker(CallWorkflows.TASK_QUEUE);
        worker.registerWorkflowImplementationTypes(CardSetupWorkflowImpl.class);
        worker.registerActivitiesImplementations(world);
        env.start();
    }

    @AfterEach
    void close() {
        env.close();
    }

    @Test
    void anEventIsOnlyAReasonToAsk() throws Exception {
        CardSetupWorkflow workflow = start();
        env.sleep(Duration.ofSeconds(5));
        workflow.moved();
        env.sleep(Duration.ofSeconds(5));
        world.savedAfter = Duration.ZERO;
        workflow.moved();

        assertThat(finish(workflow)).isEqualTo(CardSetupStatus.SAVED);
        assertThat(world.done).startsWith("open", "examine").endsWith("close").containsOnlyOnce("close");
        replayed("card_setup_saved");
    }

    @Test
    void aLostWebhookIsMadeUpForByAsking() throws Exception {
        world.savedAfter = Duration.ofMinutes(31);

        assertThat(finish(start())).isEqualTo(CardSetupStatus.SAVED);

        assertThat(world.done).hasSizeLessThan(12);
        replayed("card_setup_webhook_lost");
    }

    @Test
    void nobodySavesACard() throws Exception {
        assertThat(finish(start())).isEqualTo(CardSetupStatus.EXPIRED);

        assertThat(world.done).hasSizeLessThan(16);
        replayed("card_setup_expired");
    }

    @Test
    void oneThatWasWithdrawnIsClosedAtTheVendor() {
        world.withdrawnAfter = Duration.ZERO;
        CardSetupWorkflow workflow = start();
        workflow.moved();

        assertThat(finish(workflow)).isEqualTo(CardSetupStatus.WITHDRAWN);
        assertThat(world.done).containsExactly("open", "examine", "examine", "close");
        assertThat(finish(start())).as("and once more does no harm").isEqualTo(CardSetupStatus.WITHDRAWN);
    }

    private CardSetupWorkflow start() {
        CardSetupWorkflow workflow =
                env.getWorkflowClient().newWorkflowStub(CardSetupWorkflow.class, CardSetupWorkflows.startOptions(id));
        WorkflowClient.start(workflow::run, new CardSetupInput(id));
        return workflow;
    }

    private static CardSetupStatus finish(CardSetupWorkflow workflow) {
        return WorkflowStub.fromTyped(workflow).getResult(CardSetupStatus.class);
    }

    private void replayed(String name) throws Exception {
        Path recording = RECORDINGS.resolve(name + ".json");
        if (Boolean.getBoolean("callmeback.histories.write")) {
            String history = env.getWorkflowClient()
                    .fetchHistory(CardSetupWorkflows.workflowId(id))
                    .toJson(true);
            Files.writeString(recording, history.replaceAll("[0-9]+@[^\"]+", "worker@test"));
        }
        WorkflowReplayer.replayWorkflowExecution(Files.readString(recording), CardSetupWorkflowImpl.class);
    }
}
