package ai.callmeback.domain.settlement;

/**
 * What is known about a call when it is settled.
 *
 * @param answered Twilio reported an answer
 * @param answeredByMachine Twilio heard a machine or a fax; {@code unknown} is not a machine
 * @param connectedSeconds Twilio's own duration, of the rings that count ({@link JudgedAttempts})
 * @param userWords words of the user in final transcripts, all their media legs
 * @param unrecoveredVendorFault a vendor failed and no fallback helped
 * @param lostMediaMs media lost through our fault, gaps between legs included
 */
public record CallFacts(
        boolean answered,
        boolean answeredByMachine,
        long connectedSeconds,
        int userWords,
        boolean unrecoveredVendorFault,
        long lostMediaMs) {

    public CallFacts {
        if (connectedSeconds < 0 || userWords < 0 || lostMediaMs < 0) {
            throw new IllegalArgumentException("a call has no negative figures: connected " + connectedSeconds + " s, "
                    + userWords + " words, lost " + lostMediaMs + " ms");
        }
    }

    /** A call nobody and nothing answered. */
    public static CallFacts neverAnswered() {
        return new CallFacts(false, false, 0, 0, false, 0);
    }

    /**
     * Reads Twilio's {@code AnsweredBy}: {@code machine_start}, {@code machine_end_beep} and the like, and {@code fax} are
     * machines; {@code human}, {@code unknown} and an absent verdict are not.
     */
    public static boolean isMachine(String answeredBy) {
        return answeredBy.startsWith("machine") || answeredBy.equals("fax");
    }
}
