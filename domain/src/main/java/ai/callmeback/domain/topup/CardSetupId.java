package ai.callmeback.domain.topup;

import java.util.Objects;
import java.util.UUID;

/** Identifies one visit to the payment vendor's page on which a card is saved. */
public record CardSetupId(UUID value) {
    public CardSetupId {
        Objects.requireNonNull(value, "value");
    }

    @Override
    public String toString() {
        return value.toString();
    }
}
