package ai.callmeback.workflows.call;

/** The stream of {@code mediaLeg} is over, with what its worker knows about why. */
public record MediaEnded(int attempt, int mediaLeg, ConverseResult result) {}
