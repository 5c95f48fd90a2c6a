package ai.callmeback.db.figures;

import java.math.BigDecimal;
import java.time.Instant;
import java.util.List;

/**
 * The figures of a period.
 *
 * @param bridge from the accrual view to the projected one: the first line plus those between is the last
 */
public record FigurePeriod(Instant from, Instant until, List<Figure> figures, List<Step> bridge) {

    /** A line of the bridge, in dollars. */
    public record Step(String name, BigDecimal usd) {}

    /** The figure of that name. */
    public Figure figure(String name) {
        return figures.stream()
                .filter(figure -> figure.name().equals(name))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("no figure " + name));
    }
}
