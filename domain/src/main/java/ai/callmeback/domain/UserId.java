package ai.callmeback.domain;

import java.util.Objects;
import java.util.UUID;

/** Identifies one user. Where others can read along (search attributes, logs) use the user's pseudonym instead. */
public record UserId(UUID value) {
    public UserId {
        Objects.requireNonNull(value, "value");
    }

    /** Reads the canonical text form; anything else is an {@link IllegalArgumentException}. */
    public static UserId parse(String text) {
        return new UserId(Uuids.parse(text, "user id"));
    }

    @Override
    public String toString() {
        return value.toString();
    }
}
