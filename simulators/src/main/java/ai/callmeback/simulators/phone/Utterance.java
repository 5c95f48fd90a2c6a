package ai.callmeback.simulators.phone;

/**
 * What one side said without a longer pause, as it was on the line.
 *
 * @param who {@code persona} (as heard) or {@code caller} (as spoken)
 * @param text the words
 * @param startMillis since the call was answered
 * @param endMillis since the call was answered
 * @param interrupted the other side began to speak before it was over, or it was cut off
 */
public record Utterance(String who, String text, long startMillis, long endMillis, boolean interrupted) {}
