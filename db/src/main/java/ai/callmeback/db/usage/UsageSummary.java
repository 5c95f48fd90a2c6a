package ai.callmeback.db.usage;

import ai.callmeback.domain.usage.UsageTotals;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A call's usage as reported so far.
 *
 * @param talkMs stream time of all legs together
 * @param complete every leg that reported has sent its last report
 * @param lastReportAt null when nothing was reported
 */
public record UsageSummary(
        UsageTotals totals,
        long talkMs,
        boolean complete,
        @Nullable Instant lastReportAt) {
    static final UsageSummary NONE = new UsageSummary(UsageTotals.NONE, 0, true, null);
}
