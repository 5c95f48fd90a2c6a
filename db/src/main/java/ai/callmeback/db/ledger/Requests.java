package ai.callmeback.db.ledger;

import ai.callmeback.domain.Credits;

/** The checks that requests share; the bounds are those of the tables. */
final class Requests {

    static final int MAX_KEY_LENGTH = 160;

    private Requests() {}

    static void requireKey(String key) {
        if (key.isBlank() || key.length() > MAX_KEY_LENGTH) {
            throw new IllegalArgumentException(
                    "a key of " + key.length() + " characters is not within 1.." + MAX_KEY_LENGTH);
        }
    }

    static void requireSeconds(Credits credits, long max) {
        if (credits.seconds() < 1 || credits.seconds() > max) {
            throw new IllegalArgumentException(credits.seconds() + " s is not within 1.." + max + " s");
        }
    }
}
