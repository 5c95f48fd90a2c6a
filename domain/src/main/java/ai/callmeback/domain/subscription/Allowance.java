package ai.callmeback.domain.subscription;

/**
 * What is paid for in a period of a plan.
 *
 * @param seconds of talk
 * @param calls that may use them
 */
public record Allowance(long seconds, long calls) {
    public Allowance {
        if (seconds < 1 || calls < 0) {
            throw new IllegalArgumentException("no allowance: " + seconds + " s, " + calls + " calls");
        }
    }

    /**
     * What a change to a bigger plan adds for the rest of a period: the difference of the two, in the proportion of the time
     * left. Seconds are rounded down, calls up; a second is the least that is added.
     *
     * @param left of the period, in the unit of {@code whole}
     */
    public static Allowance added(Allowance from, Allowance to, long left, long whole) {
        if (left < 0 || whole <= 0 || left > whole) {
            throw new IllegalArgumentException("not a part of a period: " + left + " of " + whole);
        }
        long seconds = Math.multiplyExact(Math.max(0, to.seconds - from.seconds), left) / whole;
        long calls = Math.ceilDiv(Math.multiplyExact(Math.max(0, to.calls - from.calls), left), whole);
        return new Allowance(Math.max(1, seconds), calls);
    }
}
