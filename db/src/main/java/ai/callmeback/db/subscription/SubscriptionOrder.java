package ai.callmeback.db.subscription;

import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Something a person wants changed.
 *
 * @param planCode of a change of plan, else null
 * @param statusReason why it was refused, else null
 */
public record SubscriptionOrder(
        UUID id,
        Kind kind,
        @Nullable String planCode,
        Status status,
        @Nullable String statusReason,
        Instant createdAt) {

    public enum Kind {
        CHANGE_PLAN,
        /** At the end of the period. */
        CANCEL,
        /** Not to end after all. */
        RESUME
    }

    public enum Status {
        ORDERED,
        DONE,
        REFUSED
    }
}
