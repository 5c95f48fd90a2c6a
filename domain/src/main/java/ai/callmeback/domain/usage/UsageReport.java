package ai.callmeback.domain.usage;

import ai.callmeback.domain.CallId;
import java.time.Instant;

/**
 * The counters of one media leg at one moment. Identified by (call, leg, sequence); a repeat counts once, a report with a
 * lower sequence than one already stored is history.
 *
 * @param sequence from 1, within the leg
 * @param positionMs milliseconds since the leg's stream began
 * @param last true for the report that closes the leg
 */
public record UsageReport(
        CallId callId, int mediaLeg, long sequence, Instant at, long positionMs, boolean last, UsageTotals totals) {}
