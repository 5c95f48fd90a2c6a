package ai.callmeback.voice.call;

import ai.callmeback.domain.usage.UsageTotals;
import ai.callmeback.workflows.call.ConverseResult;
import org.jspecify.annotations.Nullable;

/**
 * How a leg stands, for those on other threads.
 *
 * @param result null while the leg lives
 */
public record LegSnapshot(
        long positionMillis,
        int turns,
        UsageTotals totals,
        @Nullable ConverseResult result) {
    static final LegSnapshot NONE = new LegSnapshot(0, 0, UsageTotals.NONE, null);
}
