package ai.callmeback.domain.purchase;

import java.util.Objects;
import java.util.UUID;

/** Identifies one purchase. */
public record PurchaseId(UUID value) {
    public PurchaseId {
        Objects.requireNonNull(value, "value");
    }

    /** Reads the canonical text form; anything else is an {@link IllegalArgumentException}. */
    public static PurchaseId parse(String text) {
        UUID value = UUID.fromString(text);
        if (!value.toString().equals(text)) {
            throw new IllegalArgumentException("not a purchase id: " + text.length() + " characters");
        }
        return new PurchaseId(value);
    }

    @Override
    public String toString() {
        return value.toString();
    }
}
