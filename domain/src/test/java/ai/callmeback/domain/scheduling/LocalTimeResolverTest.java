package ai.callmeback.domain.scheduling;

import static org.assertj.core.api.Assertions.assertThat;

import ai.callmeback.domain.scheduling.LocalTimeResolver.Fit;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneId;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class LocalTimeResolverTest {
    private static final ZoneId NEW_YORK = ZoneId.of("America/New_York");

    @Test
    void anOrdinaryTimeIsExact() {
        var resolved = LocalTimeResolver.resolve(LocalDateTime.parse("2027-06-01T07:00"), NEW_YORK);
        assertThat(resolved.instant()).isEqualTo(Instant.parse("2027-06-01T11:00:00Z"));
        assertThat(resolved.fit()).isEqualTo(Fit.EXACT);
    }

    @Test
    void aTimeInTheSpringGapMovesLaterByTheGap() {
        var resolved = LocalTimeResolver.resolve(LocalDateTime.parse("2027-03-14T02:30"), NEW_YORK);
        assertThat(resolved.instant()).isEqualTo(Instant.parse("2027-03-14T07:30:00Z"));
        assertThat(resolved.effectiveLocal()).isEqualTo(LocalDateTime.parse("2027-03-14T03:30"));
        assertThat(resolved.fit()).isEqualTo(Fit.GAP_MOVED_LATER);
    }

    @Test
    void aTimeThatComesTwiceInAutumnIsTheEarlier() {
        var resolved = LocalTimeResolver.resolve(LocalDateTime.parse("2027-11-07T01:30"), NEW_YORK);
        assertThat(resolved.instant()).isEqualTo(Instant.parse("2027-11-07T05:30:00Z"));
        assertThat(resolved.fit()).isEqualTo(Fit.OVERLAP_EARLIER);
    }

    @Test
    void onlyIanaRegionsAreZones() {
        assertThat(LocalTimeResolver.zone("Europe/Paris")).isPresent();
        assertThat(LocalTimeResolver.zone("UTC")).isPresent();
        assertThat(LocalTimeResolver.zone("+02:00")).isEmpty();
        assertThat(LocalTimeResolver.zone("Mars/Olympus")).isEmpty();
        assertThat(LocalTimeResolver.zone(null)).isEmpty();
    }

    /** Whatever the time, it resolves, never earlier on the wall clock than asked for. */
    @Property(tries = 500)
    void neverEarlierThanAskedFor(@ForAll @IntRange(max = 525_599) int minute) {
        LocalDateTime local = LocalDateTime.parse("2027-01-01T00:00").plusMinutes(minute);
        var resolved = LocalTimeResolver.resolve(local, NEW_YORK);
        assertThat(resolved.effectiveLocal()).isAfterOrEqualTo(local);
        assertThat(resolved.effectiveLocal().equals(local)).isEqualTo(resolved.fit() != Fit.GAP_MOVED_LATER);
    }
}
