package ai.callmeback.workflows.call;

import io.temporal.client.WorkflowClient;
import io.temporal.client.WorkflowClientOptions;
import io.temporal.client.WorkflowStub;
import io.temporal.common.converter.DataConverter;
import io.temporal.common.converter.DefaultDataConverter;
import io.temporal.testing.TestEnvironmentOptions;
import io.temporal.testing.TestWorkflowEnvironment;
import io.temporal.worker.Worker;
import io.temporal.worker.WorkerFactoryOptions;
import java.time.Duration;
import java.time.Instant;
import org.awaitility.Awaitility;

/** One Temporal test environment with skipped time, one call, one fake world. */
final class CallHarness implements AutoCloseable {
    static {
        // A loaded machine is slow, not wrong.
        Awaitility.setDefaultTimeout(Duration.ofSeconds(30));
    }

    final TestWorkflowEnvironment env;
    final FakeWorld world;

    CallHarness() {
        this(DefaultDataConverter.newDefaultInstance());
    }

    CallHarness(DataConverter payloads) {
        var options = TestEnvironmentOptions.newBuilder()
                .setWorkerFactoryOptions(WorkerFactoryOptions.newBuilder()
                        .setUsingVirtualWorkflowThreads(true)
                        .build())
                .setWorkflowClientOptions(WorkflowClientOptions.newBuilder()
                        .setDataConverter(payloads)
                        .build());
        CallSearch.ALL.forEach(key -> options.registerSearchAttribute(key.getName(), key.getValueType()));
        env = TestWorkflowEnvironment.newInstance(options.build());
        world = new FakeWorld(this::now);
        world.connect(env.getWorkflowClient());
        Worker calls = env.newWorker(CallWorkflows.TASK_QUEUE);
        calls.registerWorkflowImplementationTypes(CallWorkflowImpl.class, AfterCallWorkflowImpl.class);
        calls.registerActivitiesImplementations(world);
        env.newWorker(FakeWorld.VOICE_QUEUE).registerActivitiesImplementations(world);
        env.start();
    }

    Instant now() {
        return Instant.ofEpochMilli(env.currentTimeMillis());
    }

    CallWorkflow start() {
        CallWorkflow call =
                env.getWorkflowClient().newWorkflowStub(CallWorkflow.class, CallWorkflows.startOptions(world.callId));
        WorkflowClient.start(call::run, new CallInput(world.callId));
        return call;
    }

    CallSummary finish(CallWorkflow call) {
        return WorkflowStub.fromTyped(call).getResult(CallSummary.class);
    }

    CallSummary run() {
        return finish(start());
    }

    /** Lets workflow time go by. */
    void pass(Duration time) {
        env.sleep(time);
    }

    @Override
    public void close() {
        env.close();
    }
}
