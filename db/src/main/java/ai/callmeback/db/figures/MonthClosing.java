package ai.callmeback.db.figures;

import java.time.Instant;
import java.time.YearMonth;
import java.util.List;

/**
 * A month that finance has closed.
 *
 * @param figures by name, as they were then: dollars, seconds, counts or ratios as text
 * @param openCases that were open then
 * @param differing figures that are others now; a posting belongs to when it was booked, so there should be none
 */
public record MonthClosing(
        YearMonth month, String figures, long openCases, String note, Instant closedAt, List<String> differing) {
    public MonthClosing {
        differing = List.copyOf(differing);
    }
}
