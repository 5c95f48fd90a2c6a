package ai.callmeback.db.figures;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** A row of {@code figures_facts}, which says what each column means. A null period is before the range. */
record Fact(String section, @Nullable Instant period, String a, String b, String c, long amount, long n, long m) {
    boolean isOf(String wanted) {
        return section.equals(wanted);
    }
}
