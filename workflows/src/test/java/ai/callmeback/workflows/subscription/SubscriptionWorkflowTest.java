package ai.callmeback.workflows.subscription;

import static org.assertj.core.api.Assertions.assertThat;

import ai.callmeback.domain.subscription.SubscriptionId;
import ai.callmeback.domain.subscription.SubscriptionStatus;
import ai.callmeback.workflows.call.CallWorkflows;
import io.temporal.api.common.v1.WorkflowExecution;
import io.temporal.client.WorkflowClient;
import io.temporal.client.WorkflowStub;
import io.temporal.failure.ApplicationFailure;
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
 * Subscriptions against a payment vendor that moves with the clock, in skipped time. The histories of these paths are
 * recorded with {@code -Dcallmeback.histories.write=true} and replayed by each run.
 */
@Timeout(60)
class SubscriptionWorkflowTest {
    private static final Path RECORDINGS = Path.of("src/test/resources/histories");
    private static final Duration MONTH = Duration.ofDays(30);

    private final SubscriptionId id = new SubscriptionId(UUID.fromString("00000000-0000-4000-8000-000000000001"));
    private TestWorkflowEnvironment env;
    private World world;

    /** What the activities find: the vendor as a function of time. */
    private final class World implements SubscriptionActivities {
        final List<String> done = new ArrayList<>();
        SubscriptionStatus status = SubscriptionStatus.NEW;
        Duration paidAfter = Duration.ofDays(4000);
        Duration lateAfter = Duration.ofDays(4000);
        Duration endsAfter = Duration.ofDays(4000);
        Duration feeAfter = Duration.ZERO;
        boolean mailDown;
        long paidAt;
        final long began = env.currentTimeMillis();

        private long now() {
            return env.currentTimeMillis();
        }

        private boolean past(Duration time) {
            return now() - began >= time.toMillis();
        }

        private Standing standing() {
            long periods = paidAt == 0 ? 0 : (now() - paidAt) / MONTH.toMillis() + 1;
            return new Standing(
                    status,
                    began + Duration.ofHours(2).toMillis(),
                    paidAt == 0 ? 0 : paidAt + periods * MONTH.toMillis());
        }

        @Override
        public Standing openCheckout(SubscriptionId subscription) {
            if (status == SubscriptionStatus.NEW) {
                done.add("open");
                status = SubscriptionStatus.OPEN;
            }
            return standing();
        }

        @Override
        public void carryOut(SubscriptionId subscription) {
            done.add("carryOut");
        }

        @Override
        public Standing examine(SubscriptionId subscription) {
            done.add("examine");
            if (past(endsAfter)) {
                status = SubscriptionStatus.ENDED;
            } else if (past(lateAfter)) {
                status = SubscriptionStatus.PAST_DUE;
            } else if (past(paidAfter)) {
                status = SubscriptionStatus.ACTIVE;
                paidAt = paidAt == 0 ? now() : paidAt;
            } else if (past(Duration.ofHours(2))) {
                status = SubscriptionStatus.EXPIRED;
            }
            return standing();
        }

        @Override
        public void sendNotices(SubscriptionId subscription) {
            if (mailDown) {
                throw ApplicationFailure.newFailure("down", "mail_deferred");
            }
            done.add("mail");
        }

        @Override
        public boolean bookFees(SubscriptionId subscription) {
            return past(feeAfter);
        }

        @Override
        public void close(SubscriptionId subscription) {
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
        worker.registerWorkflowImplementationTypes(SubscriptionWorkflowImpl.class);
        worker.registerActivitiesImplementations(world);
        env.start();
    }

    @AfterEach
    void close() {
        env.close();
    }

    @Test
    void aSubscriptionRunsThroughItsPeriodsARunForEach() throws Exception {
        world.paidAfter = Duration.ofMinutes(10);
        world.lateAfter = Duration.ofDays(70);
        world.endsAfter = Duration.ofDays(85);
        SubscriptionWorkflow workflow = start();
        WorkflowExecution first = WorkflowStub.fromTyped(workflow).getExecution();

        assertThat(finish(workflow)).isEqualTo(SubscriptionStatus.ENDED);

        assertThat(world.done).startsWith("open", "carryOut", "examine").endsWith("close");
        assertThat(world.done).containsOnlyOnce("open", "close");
        assertThat(world.looks()).as("daily, and a few").isBetween(85L, 110L);
        WorkflowExecution last = WorkflowStub.fromTyped(workflow).getExecution();
        assertThat(last.getWorkflowId()).isEqualTo(first.getWorkflowId());
        replayed(
                "subscription_last_period",
                WorkflowExecution.newBuilder()
                        .setWorkflowId(first.getWorkflowId())
                        .build());
        replayed("subscription_first_run", first);
    }

    @Test
    void nobodyPays() throws Exception {
        SubscriptionWorkflow workflow = start();

        assertThat(finish(workflow)).isEqualTo(SubscriptionStatus.EXPIRED);

        assertThat(world.done).endsWith("close");
        assertThat(world.looks()).isLessThan(14);
        replayed("subscription_expired", WorkflowStub.fromTyped(workflow).getExecution());
    }

    @Test
    void aSignIsOnlyAReasonToAskAndChangesGoFirst() {
        world.paidAfter = Duration.ofMinutes(1);
        SubscriptionWorkflow workflow = start();
        env.sleep(Duration.ofHours(3));
        long before = world.looks();

        workflow.moved();
        workflow.moved();
        env.sleep(Duration.ofMinutes(1));

        assertThat(world.looks()).isBetween(before + 1, before + 2);
        assertThat(workflow.status()).isEqualTo(SubscriptionStatus.ACTIVE);
        assertThat(world.done.subList(world.done.size() - 3, world.done.size()))
                .containsExactly("carryOut", "examine", "mail");
    }

    @Test
    void mailThatIsDownNeitherStopsTheMoneyNorIsForgotten() {
        world.mailDown = true;
        world.paidAfter = Duration.ofMinutes(1);
        SubscriptionWorkflow workflow = start();
        env.sleep(Duration.ofDays(2));
        assertThat(workflow.status()).isEqualTo(SubscriptionStatus.ACTIVE);
        world.mailDown = false;

        env.sleep(Duration.ofDays(2));

        assertThat(world.done).contains("mail");
    }

    @Test
    void aLateFeeIsLookedForMoreAndMoreSeldom() {
        world.paidAfter = Duration.ZERO;
        world.feeAfter = Duration.ofMinutes(30);
        start();

        env.sleep(Duration.ofHours(20));

        assertThat(world.looks()).isBetween(4L, 8L);
    }

    private SubscriptionWorkflow start() {
        SubscriptionWorkflow workflow = env.getWorkflowClient()
                .newWorkflowStub(SubscriptionWorkflow.class, SubscriptionWorkflows.startOptions(id));
        WorkflowClient.start(workflow::run, new SubscriptionInput(id, 0));
        return workflow;
    }

    private static SubscriptionStatus finish(SubscriptionWorkflow workflow) {
        return WorkflowStub.fromTyped(workflow).getResult(SubscriptionStatus.class);
    }

    private void replayed(String name, WorkflowExecution run) throws Exception {
        Path recording = RECORDINGS.resolve(name + ".json");
        if (Boolean.getBoolean("callmeback.histories.write")) {
            write(recording, run);
        }
        WorkflowReplayer.replayWorkflowExecution(Files.readString(recording), SubscriptionWorkflowImpl.class);
    }

    private void write(Path recording, WorkflowExecution run) throws IOException {
        String history = env.getWorkflowClient()
                .fetchHistory(run.getWorkflowId(), run.getRunId())
                .toJson(true);
        Files.writeString(recording, history.replaceAll("[0-9]+@[^\"]+", "worker@test"));
    }
}
