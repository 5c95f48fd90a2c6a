package ai.callmeback.workflows.call;

/**
 * A worker has claimed the media of {@code attempt} as {@code mediaLeg}.
 *
 * @param taskQueue the worker's own queue, {@link CallWorkflows#voiceQueue}
 */
public record MediaConnected(int attempt, int mediaLeg, String incarnation, String taskQueue, String callSid) {}
