package ai.callmeback.activities.temporal;

import ai.callmeback.workflows.call.CallWorkflows;
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
 * Makes sure of the daily runs, as schedules of Temporal's: one at a time, a missed one made up for within a day. A schedule
 * that is there is left as it is, so that operators may pause or move it.
 */
@Component
class DailySchedules {
    private static final Logger log = LoggerFactory.getLogger(DailySchedules.class);
    private static final Duration FIRST_PAUSE = Duration.ofSeconds(1);
    private static final Duration LONGEST_PAUSE = Duration.ofMinutes(1);

    private final WorkflowClient temporal;
    private final List<DailyRun> runs;
    private volatile boolean closing;

    DailySchedules(WorkflowClient temporal, List<DailyRun> runs) {
        this.temporal = temporal;
        this.runs = runs;
    }

    @EventListener(ApplicationReadyEvent.class)
    void start() {
        Thread.ofVirtual().name("daily-schedules").start(this::ensureWhenPossible);
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
                    log.info("this Temporal server keeps no schedules; daily runs start on demand only");
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
        for (DailyRun run : runs) {
            try {
                schedules.createSchedule(
                        run.id(), schedule(run), ScheduleOptions.newBuilder().build());
                log.info("{} is scheduled for {}:00 UTC", run.id(), run.hour());
            } catch (ScheduleAlreadyRunningException e) {
                log.debug("{} is scheduled already", run.id());
            }
        }
    }

    private static Schedule schedule(DailyRun run) {
        return Schedule.newBuilder()
                .setAction(ScheduleActionStartWorkflow.newBuilder()
                        .setWorkflowType(run.workflow())
                        .setArguments(run.input())
                        .setOptions(WorkflowOptions.newBuilder()
                                .setWorkflowId(run.id())
                                .setTaskQueue(CallWorkflows.TASK_QUEUE)
                                .setStaticSummary(run.summary())
                                .build())
                        .build())
                .setSpec(ScheduleSpec.newBuilder()
                        .setCalendars(List.of(ScheduleCalendarSpec.newBuilder()
                                .setHour(List.of(new ScheduleRange(run.hour())))
                                .build()))
                        .build())
                .setPolicy(SchedulePolicy.newBuilder()
                        .setOverlap(ScheduleOverlapPolicy.SCHEDULE_OVERLAP_POLICY_SKIP)
                        .setCatchupWindow(Duration.ofDays(1))
                        .build())
                .build();
    }
}
