package ai.callmeback.workflows.purchase;

import static org.assertj.core.api.Assertions.assertThat;

import ai.callmeback.domain.purchase.PurchaseId;
import ai.callmeback.domain.purchase.PurchaseStatus;
import ai.callmeback.workflows.call.CallWorkflows;
import io.temporal.client.WorkflowClient;
import io.temporal.client.WorkflowStub;
import io.temporal.testing.TestWorkflowEnvironment;
import io.temporal.testing.WorkflowReplayer;
import java.io.IOException;
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
 * Purchases against a payment vendor that moves with the clock, in skipped time. The histories of these paths are
 * recorded with {@code -Dcallmeback.histories.write=true} and replayed by each run.
 */
@Timeout(60)
class PurchaseWorkflowTest {
    private static final Path RECORDINGS = Path.of("src/test/resources/histories");

    private final PurchaseId id = new PurchaseId(UUID.fromString("00000000-0000-4000-8000-000000000001"));
    private TestWorkflowEnvironment env;
    private World world;

    /** What the activities find: the vendor as a function of time. */
    private final class World implements PurchaseActivities {
        final List<String> done = new ArrayList<>();
        PurchaseStatus status = PurchaseStatus.NEW;
        Duration paidAfter = Duration.ofDays(400);
        Duration processingAfter = Duration.ofDays(400);
        Duration expiresAfter = Duration.ofHours(2);
        Duration feeAfter = Duration.ZERO;
        boolean otherAmount;
        boolean savedCard;
        boolean refused;
        int lostAnswers;
        final long began = env.currentTimeMillis();

        private boolean past(Duration time) {
            return env.currentTimeMillis() - began >= time.toMillis();
        }

        private Standing standing() {
            return new Standing(status, savedCard ? 0 : began + expiresAfter.toMillis());
        }

        @Override
        public Standing openCheckout(PurchaseId purchase) {
            done.add("open");
            status = status == PurchaseStatus.NEW ? PurchaseStatus.OPEN : status;
            return standing();
        }

        @Override
        public Standing examine(PurchaseId purchase) {
            done.add("examine");
            if (status == PurchaseStatus.COMPLETED) {
                return standing();
            }
            if (lostAnswers-- > 0) {
                throw new IllegalStateException("no answer");
            }
            if (refused) {
                status = PurchaseStatus.FAILED;
            } else if (past(paidAfter)) {
                status = otherAmount ? PurchaseStatus.CASE : PurchaseStatus.CREDITED;
            } else if (past(processingAfter)) {
                status = PurchaseStatus.PROCESSING;
            } else if (past(expiresAfter)) {
                status = PurchaseStatus.EXPIRED;
            }
            return standing();
        }

        @Override
        public Standing sendReceipt(PurchaseId purchase) {
            if (status == PurchaseStatus.CREDITED) {
                done.add("receipt");
                status = PurchaseStatus.COMPLETED;
            }
            return standing();
        }

        @Override
        public boolean bookFee(PurchaseId purchase) {
            done.add("fee");
            return past(feeAfter);
        }

        @Override
        public void close(PurchaseId purchase) {
            done.add("close");
        }

        long looks() {
            return done.stream().filter("examine"::equals).count();
        }
    }

    @BeforeEach
    void open() {
        env = TestWorkflowEnvironment.newInstance();
        world = new World();
        var worker = env.newWorker(CallWorkflows.TASK_QUEUE);
        worker.registerWorkflowImplementationTypes(PurchaseWorkflowImpl.class);
        worker.registerActivitiesImplementations(world);
        env.start();
    }

    @AfterEach
    void close() {
        env.close();
    }

    @Test
    void anEventIsOnlyAReasonToAsk() throws Exception {
        PurchaseWorkflow workflow = start();
        env.sleep(Duration.ofSeconds(5));
        world.paidAfter = Duration.ZERO;
        workflow.paymentMoved();
        workflow.paymentMoved();

        assertThat(finish(workflow)).isEqualTo(PurchaseStatus.COMPLETED);
        assertThat(world.done).startsWith("open", "examine").endsWith("examine", "fee", "receipt", "close");
        assertThat(world.done).containsOnlyOnce("receipt");
        replayed("purchase_paid");
    }

    @Test
    void aLostWebhookIsMadeUpForByAsking() throws Exception {
        world.paidAfter = Duration.ofMinutes(31);

        assertThat(finish(start())).isEqualTo(PurchaseStatus.COMPLETED);

        assertThat(world.looks()).isBetween(2L, 8L);
        replayed("purchase_webhook_lost");
    }

    @Test
    void nobodyPays() throws Exception {
        assertThat(finish(start())).isEqualTo(PurchaseStatus.EXPIRED);

        assertThat(world.done).doesNotContain("fee", "receipt").endsWith("close");
        assertThat(world.looks()).isLessThan(14);
        replayed("purchase_expired");
    }

    @Test
    void aBankDebitTakesDays() throws Exception {
        world.processingAfter = Duration.ofMinutes(3);
        world.paidAfter = Duration.ofDays(6);

        assertThat(finish(start())).isEqualTo(PurchaseStatus.COMPLETED);
        assertThat(world.looks()).isLessThan(20);
        replayed("purchase_bank_debit");
    }

    @Test
    void aLateFeeIsBackfilled() throws Exception {
        world.paidAfter = Duration.ZERO;
        world.feeAfter = Duration.ofMinutes(30);

        assertThat(finish(start())).isEqualTo(PurchaseStatus.COMPLETED);

        assertThat(world.done).filteredOn("fee"::equals).hasSize(4);
        replayed("purchase_late_fee");
    }

    @Test
    void moneyAfterTheEndIsCreditedByAnotherRun() {
        assertThat(finish(start())).isEqualTo(PurchaseStatus.EXPIRED);
        world.paidAfter = Duration.ZERO;

        PurchaseWorkflow again = start();

        assertThat(finish(again)).isEqualTo(PurchaseStatus.COMPLETED);
        assertThat(finish(start())).as("and once more does no harm").isEqualTo(PurchaseStatus.COMPLETED);
        assertThat(world.done).containsOnlyOnce("receipt");
    }

    @Test
    void anotherAmountIsACaseAndEnds() {
        world.otherAmount = true;
        world.paidAfter = Duration.ZERO;

        assertThat(finish(start())).isEqualTo(PurchaseStatus.CASE);

        assertThat(world.done).containsExactly("open", "examine", "close");
    }

    /** By a saved card nobody is waited for: the first look takes the money. */
    @Test
    void anAutoTopUpIsPaidAtTheFirstLook() throws Exception {
        world.savedCard = true;
        world.paidAfter = Duration.ZERO;

        assertThat(finish(start())).isEqualTo(PurchaseStatus.COMPLETED);

        assertThat(world.done).containsExactly("open", "examine", "fee", "receipt", "close");
        replayed("purchase_top_up");
    }

    /** The first tries get no answer; a refusal after them ends it, and nothing is tried after that. */
    @Test
    void anAutoTopUpWhoseCardIsRefusedEnds() throws Exception {
        world.savedCard = true;
        world.lostAnswers = 3;
        world.refused = true;

        assertThat(finish(start())).isEqualTo(PurchaseStatus.FAILED);

        assertThat(world.done).containsExactly("open", "examine", "examine", "examine", "examine", "close");
        replayed("purchase_top_up_refused");
    }

    private PurchaseWorkflow start() {
        PurchaseWorkflow workflow = env.getWorkflowClient()
                .newWorkflowStub(
                        PurchaseWorkflow.class,
                        PurchaseWorkflows.startOptions(PurchaseWorkflows.workflowId(id), "Purchase"));
        WorkflowClient.start(workflow::run, new PurchaseInput(id));
        return workflow;
    }

    private static PurchaseStatus finish(PurchaseWorkflow workflow) {
        return WorkflowStub.fromTyped(workflow).getResult(PurchaseStatus.class);
    }

    private void replayed(String name) throws Exception {
        Path recording = RECORDINGS.resolve(name + ".json");
        if (Boolean.getBoolean("callmeback.histories.write")) {
            write(recording);
        }
        WorkflowReplayer.replayWorkflowExecution(Files.readString(recording), PurchaseWorkflowImpl.class);
    }

    private void write(Path recording) throws IOException {
        String history = env.getWorkflowClient()
                .fetchHistory(PurchaseWorkflows.workflowId(id))
                .toJson(true);
        Files.writeString(recording, history.replaceAll("[0-9]+@[^\"]+", "worker@test"));
    }
}
