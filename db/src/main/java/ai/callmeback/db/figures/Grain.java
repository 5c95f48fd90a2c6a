package ai.callmeback.db.figures;

import java.time.DayOfWeek;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.time.temporal.TemporalAdjusters;
import java.util.Locale;

/** How finely a range is cut; by UTC, weeks begin on Monday. */
public enum Grain {
    DAY,
    WEEK,
    MONTH,
    /** Not cut at all. */
    TOTAL;

    /** When the period after the one that holds {@code at} begins; the end of the range for {@link #TOTAL}. */
    Instant next(Instant at, Instant rangeEnd) {
        LocalDate day = LocalDate.ofInstant(at, ZoneOffset.UTC);
        return switch (this) {
            case DAY -> start(day.plusDays(1));
            case WEEK -> start(day.with(TemporalAdjusters.next(DayOfWeek.MONDAY)));
            case MONTH -> start(day.withDayOfMonth(1).plusMonths(1));
            case TOTAL -> rangeEnd;
        };
    }

    private static Instant start(LocalDate day) {
        return day.atStartOfDay(ZoneOffset.UTC).toInstant();
    }

    public String code() {
        return name().toLowerCase(Locale.ROOT);
    }
}
