package ai.callmeback.voice.worker;

import ai.callmeback.voice.socket.LiveCalls;
import ai.callmeback.workflows.call.CallWorkflows;
import io.temporal.client.WorkflowClient;
import io.temporal.worker.Worker;
import io.temporal.worker.WorkerFactory;
import io.temporal.worker.WorkerOptions;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Polls this process's own queue for converse activities, from whenever Temporal can be reached. */
final class TemporalSide implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(TemporalSide.class);
    private static final Duration RETRY = Duration.ofSeconds(2);

    private final WorkerFactory factory;
    private final Thread starter;

    TemporalSide(WorkflowClient client, String incarnation, LiveCalls calls) {
        factory = WorkerFactory.newInstance(client);
        Worker worker = factory.newWorker(
                CallWorkflows.voiceQueue(incarnation),
                WorkerOptions.newBuilder()
                        .setUsingVirtualThreads(true)
                        .setMaxConcurrentActivityExecutionSize(Math.max(1, calls.capacity()))
                        .setMaxConcurrentActivityTaskPollers(2)
                        .build());
        worker.registerActivitiesImplementations(new ConverseActivityImpl(calls));
        starter = Thread.ofVirtual().name("temporal-start").unstarted(this::startUntilItWorks);
    }

    void start() {
        starter.start();
    }

    /** A failed start may be repeated. */
    private void startUntilItWorks() {
        while (!Thread.currentThread().isInterrupted()) {
            try {
                factory.start();
                return;
            } catch (RuntimeException e) {
                LOG.warn("Temporal not reached, trying again in {}: {}", RETRY, e.toString());
            }
            try {
                TimeUnit.NANOSECONDS.sleep(RETRY.toNanos());
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }

    @Override
    public void close() {
        starter.interrupt();
        try {
            factory.shutdown();
            factory.awaitTermination(3, TimeUnit.SECONDS);
        } catch (RuntimeException e) {
            // Temporal not reachable: its own timeouts find that this worker is gone.
            LOG.info("Temporal not told that this worker leaves: {}", e.toString());
        }
    }
}
