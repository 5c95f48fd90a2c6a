package ai.callmeback.workflows.purchase;

import static org.assertj.core.api.Assertions.assertThat;

import ai.callmeback.workflows.call.CallWorkflows;
import io.temporal.client.WorkflowClient;
import io.temporal.testing.TestWorkflowEnvironment;
import io.temporal.testing.WorkflowReplayer;
import io.temporal.workflow.Functions;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Refunds, ours and others', and disputes against a payment vendor that moves with the clock, in skipped time. The histories of these paths
 * are recorded with {@code -Dcallmeback.histories.write=true} and replayed by each run.
 */
@Timeout(60)
class ReturnWorkflowsTest {
    private static final Path RECORDINGS = Path.of("src/test/resources/histories");
    private static final String REFUND = PurchaseWorkflows.refundWorkflowId("re_1");
    private static final String ORDER = PurchaseWorkflows.refundOrderWorkflowId("o1");
    private static final String DISPUTE = PurchaseWorkflows.disputeWorkflowId("dp_1");

    private TestWorkflowEnvironment env;
    private Vendor vendor;

    /** Says that more is to come until its time is over. */
    private final class Vendor implements ReturnActivities, RefundOrderActivities {
        final List<String> asked = new ArrayList<>();
        final long began = env.currentTimeMillis();
        Duration settledAfter = Duration.ZERO;
        int failures;

        private boolean open(String what) {
            if (failures > 0) {
                failures--;
                throw new IllegalStateException("the vendor does not answer");
            }
            asked.add(what);
            return env.currentTimeMillis() - began < settledAfter.toMillis();
        }

        @Override
        public boolean applyRefund(String refundId) {
            return open("refund " + refundId);
        }

        @Override
        public void issueRefund(String orderId) {
            open("issue " + orderId);
        }

        @Override
        public boolean applyDispute(String disputeId) {
            return open("dispute " + disputeId);
        }
    }

    @BeforeEach
    void open() {
        env = TestWorkflowEnvironment.newInstance();
        vendor = new Vendor();
        var worker = env.newWorker(CallWorkflows.TASK_QUEUE);
        worker.registerWorkflowImplementationTypes(
                RefundWorkflowImpl.class, RefundOrderWorkflowImpl.class, DisputeWorkflowImpl.class);
        worker.registerActivitiesImplementations(vendor);
        env.start();
    }

    @AfterEach
    void close() {
        env.close();
    }

    @Test
    void aRefundThatIsFinalIsAskedForOnce() throws Exception {
        start(refund()::run, "re_1");
        finish(REFUND);

        assertThat(vendor.asked).containsExactly("refund re_1");
        replayed("refund_final", REFUND);
    }

    @Test
    void aRefundThatIsOnItsWayIsAskedForDailyWithoutASign() throws Exception {
        vendor.settledAfter = Duration.ofDays(5).minusMinutes(1);

        start(refund()::run, "re_1");
        finish(REFUND);

        assertThat(vendor.asked).hasSize(6);
        replayed("refund_on_its_way", REFUND);
    }

    @Test
    void aDisputeTakesWeeksAndEndsAtASign() throws Exception {
        vendor.settledAfter = Duration.ofDays(400);
        DisputeWorkflow workflow = dispute();
        start(workflow::run, "dp_1");
        env.sleep(Duration.ofDays(20).plusHours(1));
        vendor.settledAfter = Duration.ZERO;

        workflow.moved();
        workflow.moved();

        finish(DISPUTE);
        assertThat(vendor.asked).as("once a day, and at the sign").hasSizeBetween(22, 23);
        replayed("dispute_decided", DISPUTE);
    }

    /** Guard: asking is bounded; a sign later starts the workflow anew. */
    @Test
    void aVendorThatNeverDecidesIsNotAskedForEver() {
        vendor.settledAfter = Duration.ofDays(4_000);

        start(dispute()::run, "dp_1");
        finish(DISPUTE);

        assertThat(vendor.asked).hasSize(121);
        vendor.settledAfter = Duration.ZERO;
        start(dispute()::run, "dp_1");
        finish(DISPUTE);
        assertThat(vendor.asked).hasSize(122);
    }

    @Test
    void aVendorThatDoesNotAnswerIsAskedAgain() {
        vendor.failures = 6;

        start(refund()::run, "re_1");
        finish(REFUND);

        assertThat(vendor.asked).containsExactly("refund re_1");
    }

    @Test
    void anOrderedRefundIsIssuedHoweverLongTheVendorIsAway() throws Exception {
        vendor.failures = 20;
        RefundOrderWorkflow workflow = env.getWorkflowClient()
                .newWorkflowStub(RefundOrderWorkflow.class, PurchaseWorkflows.startOptions(ORDER, "Refund order"));

        WorkflowClient.start(workflow::run, "o1");
        finish(ORDER);

        assertThat(vendor.asked).containsExactly("issue o1");
        replayed("refund_ordered", ORDER);
    }

    private RefundWorkflow refund() {
        return env.getWorkflowClient()
                .newWorkflowStub(RefundWorkflow.class, PurchaseWorkflows.startOptions(REFUND, "Refund"));
    }

    private DisputeWorkflow dispute() {
        return env.getWorkflowClient()
                .newWorkflowStub(DisputeWorkflow.class, PurchaseWorkflows.startOptions(DISPUTE, "Dispute"));
    }

    private static void start(Functions.Proc1<ReturnInput> run, String id) {
        WorkflowClient.start(run, new ReturnInput(id));
    }

    private void finish(String workflowId) {
        env.getWorkflowClient().newUntypedWorkflowStub(workflowId).getResult(Void.class);
    }

    private void replayed(String name, String workflowId) throws Exception {
        Path recording = RECORDINGS.resolve(name + ".json");
        if (Boolean.getBoolean("callmeback.histories.write")) {
            String history = env.getWorkflowClient().fetchHistory(workflowId).toJson(true);
            Files.writeString(recording, history.replaceAll("[0-9]+@[^\"]+", "worker@test"));
        }
        WorkflowReplayer.replayWorkflowExecution(
                Files.readString(recording),
                RefundWorkflowImpl.class,
                RefundOrderWorkflowImpl.class,
                DisputeWorkflowImpl.class);
    }
}
