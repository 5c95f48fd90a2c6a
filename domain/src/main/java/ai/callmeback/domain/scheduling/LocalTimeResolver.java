package ai.callmeback.domain.scheduling;

import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.zone.ZoneRules;
import java.util.Optional;

/**
 * Resolves a local date and time in an IANA zone to one instant. The rule, always the same:
 *
 * <ul>
 *   <li><b>gap</b> (clocks go forward, the local time does not exist): moved later by the length of the gap, so 02:30 in
 *       New York on 2027-03-14 rings at 03:30;
 *   <li><b>overlap</b> (clocks go back, the local time comes twice): the earlier of the two, so 01:30 in New York on
 *       2027-11-07 rings once, at daylight time.
 * </ul>
 */
public final class LocalTimeResolver {
    private LocalTimeResolver() {}

    /** How the local time met the zone's rules. */
    public enum Fit {
        EXACT,
        GAP_MOVED_LATER,
        OVERLAP_EARLIER
    }

    /** The instant, and the wall clock as it will really show. */
    public record Resolution(Instant instant, LocalDateTime effectiveLocal, Fit fit) {}

    public static Resolution resolve(LocalDateTime local, ZoneId zone) {
        ZoneRules rules = zone.getRules();
        int offsets = rules.getValidOffsets(local).size();
        // ZonedDateTime.ofLocal implements this very rule when no offset is preferred.
        var zoned = local.atZone(zone);
        Fit fit = offsets == 1 ? Fit.EXACT : offsets == 0 ? Fit.GAP_MOVED_LATER : Fit.OVERLAP_EARLIER;
        return new Resolution(zoned.toInstant(), zoned.toLocalDateTime(), fit);
    }

    /** Only IANA regions such as {@code Europe/Paris} and {@code UTC}; a bare offset knows no summer time. */
    public static Optional<ZoneId> zone(String name) {
        return name != null && ZoneId.getAvailableZoneIds().contains(name)
                ? Optional.of(ZoneId.of(name))
                : Optional.empty();
    }
}
