package ai.callmeback.api.finance;

import ai.callmeback.api.problem.ProblemCode;
import ai.callmeback.api.web.Checks;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import org.jspecify.annotations.Nullable;

/** Times that finance asks about. */
final class FinanceTimes {
    private FinanceTimes() {}

    /** In milliseconds, so that a repeat compares equal to what the database keeps; the epoch when it is rejected. */
    static Instant instant(Checks checks, String field, @Nullable String text) {
        if (text == null) {
            checks.reject(field, ProblemCode.FIELD_REQUIRED, "The field '" + field + "' is required.");
            return Instant.EPOCH;
        }
        try {
            Instant instant = Instant.parse(text).truncatedTo(ChronoUnit.MILLIS);
            if (instant.isAfter(Instant.EPOCH) && instant.isBefore(Instant.EPOCH.plus(Duration.ofDays(100_000)))) {
                return instant;
            }
        } catch (DateTimeException e) {
            // Refused below, like a time out of all bounds.
        }
        checks.reject(
                field, ProblemCode.TIME_INVALID, "'" + field + "' must be a UTC time such as 2026-11-20T00:00:00Z.");
        return Instant.EPOCH;
    }
}
