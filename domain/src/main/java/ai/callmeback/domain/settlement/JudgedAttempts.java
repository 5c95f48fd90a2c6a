package ai.callmeback.domain.settlement;

import java.util.List;

/**
 * Which conversations of a call the charge table looks at. One that was cut off by us is never charged, and neither is
 * being rung again for it; the conversation that follows is judged by its own figures alone, as if it were the first. When
 * none followed, the one that was cut off is judged, and all that was booked and not carried is lost media.
 *
 * @param attempts by their order; empty when nobody ever answered
 * @param cutOffForGood the last conversation was cut off and not taken up again
 */
public record JudgedAttempts(List<AnsweredAttempt> attempts, boolean cutOffForGood) {
    public JudgedAttempts {
        attempts = List.copyOf(attempts);
    }

    public static JudgedAttempts of(List<AnsweredAttempt> answered) {
        List<AnsweredAttempt> whole =
                answered.stream().filter(attempt -> !attempt.cutOff()).toList();
        return whole.isEmpty() && !answered.isEmpty()
                ? new JudgedAttempts(List.of(answered.getLast()), true)
                : new JudgedAttempts(whole, false);
    }

    public List<Integer> numbers() {
        return attempts.stream().map(AnsweredAttempt::attempt).toList();
    }

    /**
     * What the charge table reads.
     *
     * @param userWords of these attempts
     * @param lostMediaMs within and between the legs of these attempts
     * @param plannedSeconds the booked length, extensions included
     */
    public CallFacts facts(int userWords, boolean vendorFault, long lostMediaMs, long plannedSeconds) {
        if (attempts.isEmpty()) {
            return CallFacts.neverAnswered();
        }
        long connected =
                attempts.stream().mapToLong(AnsweredAttempt::connectedSeconds).sum();
        return new CallFacts(
                true,
                attempts.stream().anyMatch(AnsweredAttempt::machine),
                connected,
                userWords,
                vendorFault,
                cutOffForGood ? lostMediaMs + neverCarriedMs(connected, plannedSeconds) : lostMediaMs);
    }

    /** More than is tolerated even when the cut came in the last seconds: a conversation cut off by us is free. */
    private static long neverCarriedMs(long connectedSeconds, long plannedSeconds) {
        return Math.max(
                ChargeTable.TOLERATED_LOST_MEDIA_MS + 1, Math.subtractExact(plannedSeconds, connectedSeconds) * 1_000);
    }
}
