package ai.callmeback.db.price;

import ai.callmeback.domain.UnitPrice;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A price that a vendor states and that is too far from ours to be taken as it is.
 *
 * @param oldPrice what stays in force until finance has decided; null: there was none
 */
public record PriceChange(
        long id,
        String vendor,
        String operation,
        String model,
        String unit,
        @Nullable UnitPrice oldPrice,
        UnitPrice newPrice,
        String note,
        Instant readAt,
        State state,
        @Nullable Instant decidedAt,
        @Nullable String decisionNote) {

    /** As the database names them, in lower case. */
    public enum State {
        PENDING,
        ACCEPTED,
        REFUSED,
        /** The vendor states another price since, or finance has entered one. */
        WITHDRAWN
    }

    /** What became of a decision. */
    public enum Decided {
        ACCEPTED,
        REFUSED,
        REPEATED,
        CONFLICT,
        UNKNOWN_CHANGE
    }
}
