package ai.callmeback.activities.temporal;

/**
 * A workflow that runs once a day. A bean of this type gets its schedule.
 *
 * @param id of the schedule, and the beginning of the ids of its workflows
 * @param hour of the day, UTC
 */
public record DailyRun(String id, int hour, Class<?> workflow, Object input, String summary) {}
