package ai.callmeback.workflows.call;

import ai.callmeback.domain.policy.Limits;
import io.temporal.activity.ActivityCancellationType;
import io.temporal.activity.ActivityOptions;
import io.temporal.common.RetryOptions;
import io.temporal.workflow.Workflow;
import java.time.Duration;

/** Every activity's deadline and retry policy, on one screen. {@code attempts} 0 means: until its deadline, or for ever. */
public enum ActivityPolicy {
    /** Postgres only. Without it nothing can go on, so it is tried for ever. */
    RECORD(seconds(10), null, millis(200), seconds(15), 0),
    /** Past its deadline the call is {@code MISSED}. */
    ADMIT(seconds(15), Limits.MISSED_AFTER, millis(500), seconds(15), 0),
    /** The vendor's own deadline is 10 s. A repeat never dials again; past the deadline the outcome is UNKNOWN. */
    DIAL(seconds(20), seconds(60), millis(500), seconds(5), 0),
    /** Asked again by the workflow's own loop. */
    LOOK(seconds(20), null, millis(500), seconds(2), 2),
    /** Ending and redirecting are safe to repeat; the telephony's own time limit is the last resort. */
    COMMAND(seconds(20), seconds(120), millis(500), seconds(10), 0),
    /** Money is settled, however long it takes. */
    SETTLE(seconds(30), null, seconds(1), seconds(60), 0),
    /** E-mail and transcript: tried for a day, then given up; the call itself is done. */
    AFTERCARE(seconds(60), Duration.ofDays(1), seconds(2), Duration.ofMinutes(10), 0),
    SUMMARY(Duration.ofMinutes(3), Duration.ofHours(6), seconds(5), Duration.ofMinutes(10), 10);

    private final Duration startToClose;
    private final Duration scheduleToClose;
    private final Duration firstBackoff;
    private final Duration longestBackoff;
    private final int attempts;

    ActivityPolicy(
            Duration startToClose,
            Duration scheduleToClose,
            Duration firstBackoff,
            Duration longestBackoff,
            int attempts) {
        this.startToClose = startToClose;
        this.scheduleToClose = scheduleToClose;
        this.firstBackoff = firstBackoff;
        this.longestBackoff = longestBackoff;
        this.attempts = attempts;
    }

    <T> T stub(Class<T> activities) {
        return stub(activities, "");
    }

    /** @param summary shown beside the activity to operators */
    <T> T stub(Class<T> activities, String summary) {
        var options = ActivityOptions.newBuilder()
                .setStartToCloseTimeout(startToClose)
                .setSummary(summary)
                .setRetryOptions(RetryOptions.newBuilder()
                        .setInitialInterval(firstBackoff)
                        .setMaximumInterval(longestBackoff)
                        .setMaximumAttempts(attempts)
                        .build());
        if (scheduleToClose != null) {
            options.setScheduleToCloseTimeout(scheduleToClose);
        }
        return Workflow.newActivityStub(activities, options.build());
    }

    /**
     * The watch over one media leg, on its worker's own queue: one attempt, since another worker cannot take it over, and
     * a dead queue is noticed within seconds.
     */
    static ConverseActivity converse(String taskQueue, int mediaLeg) {
        return Workflow.newActivityStub(
                ConverseActivity.class,
                ActivityOptions.newBuilder()
                        .setTaskQueue(taskQueue)
                        .setScheduleToStartTimeout(seconds(5))
                        .setStartToCloseTimeout(Limits.LONGEST_CALL.plusMinutes(5))
                        .setHeartbeatTimeout(Limits.CONVERSE_HEARTBEAT_TIMEOUT)
                        .setCancellationType(ActivityCancellationType.TRY_CANCEL)
                        .setRetryOptions(
                                RetryOptions.newBuilder().setMaximumAttempts(1).build())
                        .setSummary("leg " + mediaLeg)
                        .build());
    }

    private static Duration seconds(long n) {
        return Duration.ofSeconds(n);
    }

    private static Duration millis(long n) {
        return Duration.ofMillis(n);
    }
}
