package ai.callmeback.activities.reconcile;

import ai.callmeback.workflows.call.CallWorkflows;
import ai.callmeback.workflows.reconcile.ReconciliationInput;
import ai.callmeback.workflows.reconcile.ReconciliationWorkflow;
import ai.callmeback.workflows.reconcile.ReconciliationWorkflows;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.temporal.api.enums.v1.ScheduleOverlapPolicy;
import io.temporal.client.WorkflowClient;
import io.temporal.client.WorkflowOptions;
import io.temporal.client.schedules.Schedule;
import io.temporal.client.schedules.ScheduleActionStartWorkflow;
import io.temporal.client.schedules.ScheduleAlreadyRunningException;
import io.temporal.client.schedules.ScheduleCalendarSpec;
import io.temporal.client.schedules.ScheduleClient;
import io.temporal.client.schedules.ScheduleClientOptions;
import io.temporal.client.schedules.ScheduleException;
import io.temporal.client.schedules.ScheduleOptions;
import io.temporal.client.schedules.SchedulePolicy;
import io.temporal.client.schedules.ScheduleRange;
import io.temporal.client.schedules.ScheduleSpec;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.context.event.ApplicationReadyEvent;
import org.springframework.context.event.ContextClosedEvent;
import org.springframework.context.event.EventListener;
import org.springframework.stereotype.Component;

/**
 * Makes sure of the daily run, as a schedule of Temporal's: at 05:00 UTC, one at a time, a missed one made up for within a
 * day. A schedule that is there is left as it is, so that operators may pause or move it.
 */
@Component
class DailyReconciliation {
    private static final Logger log = LoggerFactory.getLogger(DailyReconciliation.class);
    private static final int HOUR = 5;
    private static final Duration FIRST_PAUSE = Duration.ofSeconds(1);
    private static final Duration LONGEST_PAUSE = Duration.ofMinutes(1);

    private final WorkflowClient temporal;
    private volatile boolean closing;

    DailyReconciliation(WorkflowClient temporal) {
        this.temporal = temporal;
    }

    @EventListener(ApplicationReadyEvent.class)
    void start() {
        Thread.ofVirtual().name("daily-reconciliation").start(this::ensureWhenPossible);
    }

    @EventListener(ContextClosedEvent.class)
    void stop() {
        closing = true;
    }

    private void ensureWhenPossible() {
        Duration pause = FIRST_PAUSE;
        while (!closing) {
            try {
                ensure();
                return;
            } catch (ScheduleException | StatusRuntimeException e) {
                if (Status.fromThrowable(e).getCode() == Status.Code.UNIMPLEMENTED) {
                    log.info("this Temporal server keeps no schedules; reconciliation runs on demand only");
                    return;
                }
                LockSupport.parkNanos(pause.toNanos());
                pause = pause.multipliedBy(2).compareTo(LONGEST_PAUSE) > 0 ? LONGEST_PAUSE : pause.multipliedBy(2);
            }
        }
    }

    private void ensure() {
        ScheduleClient schedules = ScheduleClient.newInstance(
                temporal.getWorkflowServiceStubs(),
                ScheduleClientOptions.newBuilder()
                        .setNamespace(temporal.getOptions().getNamespace())
                        .setDataConverter(temporal.getOptions().getDataConverter())
                        .build());
        try {
            schedules.createSchedule(
                    ReconciliationWorkflows.DAILY,
                    schedule(),
                    ScheduleOptions.newBuilder().build());
            log.info("the daily reconciliation is scheduled for {}:00 UTC", HOUR);
        } catch (ScheduleAlreadyRunningException e) {
            log.debug("the daily reconciliation is scheduled already");
        }
    }

    private static Schedule schedule() {
        return Schedule.newBuilder()
                .setAction(ScheduleActionStartWorkflow.newBuilder()
                        .setWorkflowType(ReconciliationWorkflow.class)
                        .setArguments(ReconciliationInput.daily())
                        .setOptions(WorkflowOptions.newBuilder()
                                .setWorkflowId(ReconciliationWorkflows.DAILY)
                                .setTaskQueue(CallWorkflows.TASK_QUEUE)
                                .setStaticSummary("Daily reconciliation")
                                .build())
                        .build())
                .setSpec(ScheduleSpec.newBuilder()
                        .setCalendars(List.of(ScheduleCalendarSpec.newBuilder()
                                .setHour(List.of(new ScheduleRange(HOUR)))
                                .build()))
                        .build())
                .setPolicy(SchedulePolicy.newBuilder()
                        .setOverlap(ScheduleOverlapPolicy.SCHEDULE_OVERLAP_POLICY_SKIP)
                        .setCatchupWindow(Duration.ofDays(1))
                        .build())
                .build();
    }
}
