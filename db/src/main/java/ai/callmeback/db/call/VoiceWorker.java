package ai.callmeback.db.call;

/**
 * A live voice worker.
 *
 * @param incarnation one process's one life; never used again
 * @param mediaUrl where the telephony reaches its media socket
 * @param taskQueue polled by this process only
 */
public record VoiceWorker(String incarnation, String mediaUrl, String taskQueue, int capacity, int liveCalls) {}
