package ai.callmeback.domain;

import java.util.Objects;
import java.util.UUID;

/** Identifies one call, from its booking to its last correction. Says nothing about whom it rings. */
public record CallId(UUID value) {
    public CallId {
        Objects.requireNonNull(value, "value");
    }

    /** Reads the canonical text form; anything else is an {@link IllegalArgumentException}. */
    public static CallId parse(String text) {
        return new CallId(Uuids.parse(text, "call id"));
    }

    @Override
    public String toString() {
        return value.toString();
    }
}
