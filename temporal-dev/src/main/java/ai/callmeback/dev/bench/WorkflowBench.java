package ai.callmeback.dev.bench;

import ai.callmeback.domain.CallId;
import ai.callmeback.domain.IdSource;
import ai.callmeback.domain.call.TelephonyState;
import ai.callmeback.domain.usage.UsageReport;
import ai.callmeback.domain.usage.UsageTotals;
import ai.callmeback.workflows.call.CallInput;
import ai.callmeback.workflows.call.CallWorkflowImpl;
import ai.callmeback.workflows.call.CallWorkflows;
import ai.callmeback.workflows.call.MediaConnected;
import ai.callmeback.workflows.call.MediaEnded;
import ai.callmeback.workflows.call.TelephonyStatus;
import io.temporal.activity.ActivityInterface;
import io.temporal.activity.ActivityOptions;
import io.temporal.client.WorkflowClient;
import io.temporal.client.WorkflowClientOptions;
import io.temporal.client.WorkflowOptions;
import io.temporal.client.WorkflowStub;
import io.temporal.serviceclient.WorkflowServiceStubs;
import io.temporal.serviceclient.WorkflowServiceStubsOptions;
import io.temporal.worker.WorkerFactory;
import io.temporal.worker.WorkerFactoryOptions;
import io.temporal.worker.WorkerOptions;
import io.temporal.workflow.SignalMethod;
import io.temporal.workflow.Workflow;
import io.temporal.workflow.WorkflowInterface;
import io.temporal.workflow.WorkflowMethod;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;

/**
 * Call workflows per second, all their activities instant, beside a workflow that does nothing but as many activities and
 * signals, by the same worker on the same server, in turns within one run. What follows a call is started by its row in
 * Postgres, and is not part of this.
 */
public final class WorkflowBench {
    private static final String NOOP_QUEUE = "noop";
    private static final String VOICE_QUEUE = CallWorkflows.voiceQueue("bench");
    private static final int SIGNALS = 5;
    private static final Duration LIMIT = Duration.ofMinutes(2);
    private static final IdSource IDS = IdSource.timeOrdered();

    private final String target;
    private final String namespace;
    private final int parallel;
    private final int rounds;
    private final int perRound;
    private final Consumer<String> progress;

    /** @param ratio calls to no-ops */
    public record Result(
            double workflowsPerSecond, double noopWorkflowsPerSecond, double ratio, int activitiesPerWorkflow) {}

    public WorkflowBench(
            String target, String namespace, int parallel, int rounds, int perRound, Consumer<String> progress) {
        this.target = target;
        this.namespace = namespace;
        this.parallel = parallel;
        this.rounds = rounds;
        this.perRound = perRound;
        this.progress = progress;
    }

    /** The yardstick. */
    @WorkflowInterface
    public interface Noop {
        @WorkflowMethod
        void run(int activities);

        @SignalMethod
        void word(Object content);
    }

    /** The yardstick's only work. */
    @ActivityInterface
    public interface NoopActivity {
        String nothing(String word);
    }

    /** Waits for its signals, does its activities one after the other. */
    public static final class NoopImpl implements Noop {
        private final NoopActivity nothing = Workflow.newActivityStub(
                NoopActivity.class,
                ActivityOptions.newBuilder()
                        .setStartToCloseTimeout(Duration.ofSeconds(10))
                        .build());
        private int words;

        @Override
        public void run(int activities) {
            for (int i = 0; i < activities; i++) {
                nothing.nothing("word");
            }
            Workflow.await(() -> words >= SIGNALS);
        }

        @Override
        public void word(Object content) {
            words++;
        }
    }

    public Result run() throws InterruptedException {
        WorkflowServiceStubs stubs = WorkflowServiceStubs.newServiceStubs(
                WorkflowServiceStubsOptions.newBuilder().setTarget(target).build());
        WorkflowClient client = WorkflowClient.newInstance(
                stubs,
                WorkflowClientOptions.newBuilder().setNamespace(namespace).build());
        WorkerFactory factory = WorkerFactory.newInstance(
                client,
                WorkerFactoryOptions.newBuilder()
                        .setUsingVirtualWorkflowThreads(true)
                        .build());
        var instant = new InstantCall();
        var options = WorkerOptions.newBuilder().setUsingVirtualThreads(true).build();
        var calls = factory.newWorker(CallWorkflows.TASK_QUEUE, options);
        calls.registerWorkflowImplementationTypes(CallWorkflowImpl.class);
        calls.registerActivitiesImplementations(instant);
        factory.newWorker(VOICE_QUEUE, options).registerActivitiesImplementations(instant);
        var noop = factory.newWorker(NOOP_QUEUE, options);
        noop.registerWorkflowImplementationTypes(NoopImpl.class);
        noop.registerActivitiesImplementations((NoopActivity) word -> word);
        factory.start();
        try (ExecutorService callers = Executors.newVirtualThreadPerTaskExecutor()) {
            return measure(client, callers, instant);
        } finally {
            factory.shutdownNow();
            factory.awaitTermination(5, TimeUnit.SECONDS);
            stubs.shutdownNow();
        }
    }

    private Result measure(WorkflowClient client, ExecutorService callers, InstantCall instant) {
        progress.accept("warming up");
        many(callers, perRound, () -> call(client));
        long before = instant.asked.sum();
        many(callers, perRound, () -> call(client));
        int activities = Math.toIntExact(Math.round((instant.asked.sum() - before) / (double) perRound));
        // Both to the same speed of their code: until then the first to be measured would lose.
        many(callers, perRound, () -> noop(client, activities));
        many(callers, perRound, () -> noop(client, activities));
        double callSeconds = 0;
        double noopSeconds = 0;
        for (int round = 1; round <= rounds; round++) {
            // In turns, so that a server that slows with its data slows both.
            callSeconds += many(callers, perRound, () -> call(client));
            noopSeconds += many(callers, perRound, () -> noop(client, activities));
            progress.accept("round %d of %d: %.1f calls/s, %.1f no-ops/s so far"
                    .formatted(round, rounds, round * perRound / callSeconds, round * perRound / noopSeconds));
        }
        int total = rounds * perRound;
        return new Result(total / callSeconds, total / noopSeconds, noopSeconds / callSeconds, activities);
    }

    /** Runs {@code count} of them, {@code parallel} at a time; answers the seconds it took. */
    private double many(ExecutorService callers, int count, Runnable one) {
        var left = new AtomicInteger(count);
        long begun = System.nanoTime();
        var running = new CompletableFuture<?>[parallel];
        for (int i = 0; i < parallel; i++) {
            running[i] = CompletableFuture.runAsync(
                    () -> {
                        while (left.getAndDecrement() > 0) {
                            one.run();
                        }
                    },
                    callers);
        }
        CompletableFuture.allOf(running)
                .orTimeout(LIMIT.toSeconds(), TimeUnit.SECONDS)
                .join();
        return (System.nanoTime() - begun) / 1e9;
    }

    private static void call(WorkflowClient client) {
        var id = new CallId(IDS.get());
        WorkflowStub call = client.newUntypedWorkflowStub("CallWorkflow", CallWorkflows.startOptions(id));
        call.start(new CallInput(id));
        call.signal("telephonyStatus", status(TelephonyState.IN_PROGRESS));
        call.signal("mediaConnected", new MediaConnected(1, 1, "bench", VOICE_QUEUE, "CA1"));
        call.signal("usage", new UsageReport(id, 1, 1, Instant.EPOCH, 60_000, true, UsageTotals.NONE));
        call.signal("mediaEnded", new MediaEnded(1, 1, InstantCall.TALK));
        call.signal("telephonyStatus", status(TelephonyState.COMPLETED));
        call.getResult(Object.class);
    }

    private static TelephonyStatus status(TelephonyState state) {
        return new TelephonyStatus(1, "CA1", state, 60, "human", null, Instant.EPOCH);
    }

    private static void noop(WorkflowClient client, int activities) {
        WorkflowStub noop = client.newUntypedWorkflowStub(
                "Noop",
                WorkflowOptions.newBuilder()
                        .setTaskQueue(NOOP_QUEUE)
                        .setWorkflowId("noop-" + IDS.get())
                        .build());
        noop.start(activities);
        for (int i = 0; i < SIGNALS; i++) {
            noop.signal("word", status(TelephonyState.IN_PROGRESS));
        }
        noop.getResult(Void.class);
    }
}
