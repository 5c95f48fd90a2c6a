package ai.callmeback.db.purchase;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Something about money that a person must look at.
 *
 * @param id in the order in which cases were opened
 * @param kind a stable code
 * @param subject what it is about, such as {@code purchase <id>}
 * @param detail figures found and expected
 * @param resolution in the words of who closed it; null while it is open
 */
public record MoneyCase(
        long id,
        String kind,
        String subject,
        String detail,
        State state,
        String owner,
        Instant openedAt,
        @Nullable Instant closedAt,
        @Nullable String resolution) {

    /** Where it stands. */
    public enum State {
        OPEN,
        CLOSED
    }

    /** What became of a resolution. */
    public enum Resolved {
        RESOLVED,
        /** It was resolved in the same words before. */
        REPEATED,
        /** It was resolved in other words before; they stand. */
        CONFLICT,
        UNKNOWN_CASE
    }
}
