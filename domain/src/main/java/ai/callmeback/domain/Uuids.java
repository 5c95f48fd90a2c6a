package ai.callmeback.domain;

import java.util.UUID;

final class Uuids {
    private static final int CANONICAL_LENGTH = 36;

    private Uuids() {}

    /** {@link UUID#fromString} also takes shortened groups such as {@code 1-1-1-1-1}; ids here have one spelling. */
    static UUID parse(String text, String what) {
        if (text == null || text.length() != CANONICAL_LENGTH) {
            throw new IllegalArgumentException(what + " must be a UUID of " + CANONICAL_LENGTH + " characters");
        }
        try {
            return UUID.fromString(text);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(what + " is not a UUID", e);
        }
    }
}
