package ai.callmeback.domain.usage;

/**
 * What a call uses outside its streams is reported as legs of its own. Streams count from 1; each kind of other use has a
 * range far above them, since of two reports under one leg and sequence only one counts.
 */
public final class UsageLegs {
    private static final int RANGE = 1_000_000;

    private UsageLegs() {}

    /** A greeting spoken while the phone rings, one for each attempt to reach the person. */
    public static int greeting(int attempt) {
        return within(1, attempt);
    }

    /** A summary, one for each try: what a try used that died before it could keep its summary stays paid for. */
    public static int summary(int attempt) {
        return within(2, attempt);
    }

    /** The question whether there was a conversation to charge for, one for each try, as of a summary. */
    public static int judgement(int attempt) {
        return within(3, attempt);
    }

    private static int within(int range, int number) {
        if (number < 1 || number >= RANGE) {
            throw new IllegalArgumentException("1 to " + (RANGE - 1) + ", not " + number);
        }
        return range * RANGE + number;
    }
}
