package ai.callmeback.domain.subscription;

import java.util.Objects;
import java.util.UUID;

/** Identifies one subscription. */
public record SubscriptionId(UUID value) {
    public SubscriptionId {
        Objects.requireNonNull(value, "value");
    }

    /** Reads the canonical text form; anything else is an {@link IllegalArgumentException}. */
    public static SubscriptionId parse(String text) {
        UUID value = UUID.fromString(text);
        if (!value.toString().equals(text)) {
            throw new IllegalArgumentException("not a subscription id: " + text.length() + " characters");
        }
        return new SubscriptionId(value);
    }

    @Override
    public String toString() {
        return value.toString();
    }
}
