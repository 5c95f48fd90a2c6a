package ai.callmeback.activities.reconcile;

import ai.callmeback.workflows.reconcile.ReconciliationActivities.Range;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;

/** The days, by UTC, that lie wholly in a range and are over. */
record WholeDays(LocalDate first, LocalDate last) {

    static WholeDays of(Range range, Instant now) {
        LocalDate first =
                LocalDate.ofInstant(range.from().minusNanos(1), ZoneOffset.UTC).plusDays(1);
        Instant until = range.until().isBefore(now) ? range.until() : now;
        return new WholeDays(first, LocalDate.ofInstant(until, ZoneOffset.UTC).minusDays(1));
    }

    boolean none() {
        return last.isBefore(first);
    }
}
