package ai.callmeback.activities.temporal;

import ai.callmeback.workflows.call.CallSearch;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.temporal.api.operatorservice.v1.AddSearchAttributesRequest;
import io.temporal.client.WorkflowClient;
import io.temporal.common.SearchAttributeKey;
import io.temporal.serviceclient.OperatorServiceStubs;
import io.temporal.serviceclient.OperatorServiceStubsOptions;
import io.temporal.worker.WorkerFactory;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.availability.AvailabilityChangeEvent;
import org.springframework.boot.availability.ReadinessState;
import org.springframework.boot.context.event.ApplicationReadyEvent;
import org.springframework.context.ApplicationEventPublisher;
import org.springframework.context.event.ContextClosedEvent;
import org.springframework.context.event.EventListener;
import org.springframework.stereotype.Component;

/**
 * Starts polling once Temporal answers, however long that takes, and says so by the readiness probe. Drains on shutdown:
 * no new tasks, then a bounded wait for those under way.
 */
@Component
class WorkerStarter {
    private static final Logger log = LoggerFactory.getLogger(WorkerStarter.class);
    private static final Duration RETRY = Duration.ofMillis(500);
    private static final Duration DRAIN = Duration.ofSeconds(10);

    private final WorkerFactory workers;
    private final WorkflowClient temporal;
    private final ApplicationEventPublisher events;
    private volatile boolean closing;

    WorkerStarter(WorkerFactory workers, WorkflowClient temporal, ApplicationEventPublisher events) {
        this.workers = workers;
        this.temporal = temporal;
        this.events = events;
    }

    @EventListener(ApplicationReadyEvent.class)
    void start() {
        AvailabilityChangeEvent.publish(events, this, ReadinessState.REFUSING_TRAFFIC);
        Thread.ofVirtual().name("worker-starter").start(this::startWhenPossible);
    }

    private void startWhenPossible() {
        while (!closing) {
            try {
                registerSearchAttributes();
                workers.start();
                AvailabilityChangeEvent.publish(events, this, ReadinessState.ACCEPTING_TRAFFIC);
                log.info("polling Temporal");
                return;
            } catch (RuntimeException e) {
                log.warn("Temporal is not there yet: {}", e.getMessage());
                LockSupport.parkNanos(RETRY.toNanos());
            }
        }
    }

    /** A workflow that sets an unknown attribute stands still, so they are made sure of before the first poll. */
    private void registerSearchAttributes() {
        var stubs = OperatorServiceStubs.newServiceStubs(OperatorServiceStubsOptions.newBuilder()
                .setChannel(temporal.getWorkflowServiceStubs().getRawChannel())
                .validateAndBuildWithDefaults());
        String namespace = temporal.getOptions().getNamespace();
        for (SearchAttributeKey<?> key : CallSearch.ALL) {
            try {
                stubs.blockingStub()
                        .addSearchAttributes(AddSearchAttributesRequest.newBuilder()
                                .setNamespace(namespace)
                                .putSearchAttributes(key.getName(), key.getValueType())
                                .build());
            } catch (StatusRuntimeException e) {
                tolerate(key, e);
            }
        }
    }

    private static void tolerate(SearchAttributeKey<?> key, StatusRuntimeException e) {
        Status.Code code = e.getStatus().getCode();
        if (code == Status.Code.UNAVAILABLE || code == Status.Code.DEADLINE_EXCEEDED) {
            throw e;
        }
        if (code != Status.Code.ALREADY_EXISTS) {
            log.info("search attribute {} was not added by us ({}); it must exist", key.getName(), code);
        }
    }

    @EventListener(ContextClosedEvent.class)
    void stop() {
        closing = true;
        workers.suspendPolling();
        workers.shutdown();
        workers.awaitTermination(DRAIN.toSeconds(), TimeUnit.SECONDS);
    }
}
