package ai.callmeback.db.figures;

import ai.callmeback.domain.UsdMicros;
import java.math.BigDecimal;
import java.time.Instant;
import java.time.LocalDate;
import java.time.YearMonth;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What finance expects, from the books of the 28 days before.
 *
 * @param breakEven null where no bill of a month was entered, or a minute leaves nothing
 * @param products what a minute of each product leaves, at the loaded cost of a billed minute
 */
public record Outlook(
        Instant at, @Nullable BreakEven breakEven, List<Forecast> forecasts, List<ProductMinute> products) {
    public Outlook {
        forecasts = List.copyOf(forecasts);
        products = List.copyOf(products);
    }

    /**
     * How much has to be talked for a month's bills to be paid.
     *
     * @param fixed the bills of {@code month}, the latest that has any
     * @param leftPerMinute of a billed minute: revenue and breakage less vendors' costs and fees, in dollars
     * @param minutes billed minutes a month
     * @param calls charged calls a month, of the usual length
     * @param state of the figures it is worked out from
     */
    public record BreakEven(
            YearMonth month,
            UsdMicros fixed,
            BigDecimal leftPerMinute,
            BigDecimal minutes,
            @Nullable BigDecimal calls,
            FigureState state) {}

    /**
     * The next 28 days as the last: no trend is read from so few weeks.
     *
     * @param figure such as {@code revenue}
     * @param usd expected
     * @param lastError how far the forecast of 28 days ago was off, as a part of what came; null when nothing came
     */
    public record Forecast(
            String figure,
            LocalDate from,
            BigDecimal usd,
            @Nullable BigDecimal lastError,
            FigureState state) {}

    /**
     * @param usdPerMinute what its buyer pays for a minute
     * @param costPerMinute null without billed minutes
     * @param margin the part of the price that is left; null without a cost
     */
    public record ProductMinute(
            String product,
            String kind,
            UsdMicros price,
            BigDecimal minutes,
            BigDecimal usdPerMinute,
            @Nullable BigDecimal costPerMinute,
            @Nullable BigDecimal margin) {}

    /**
     * Somebody, or a persona, and what they brought in.
     *
     * @param subject an id; empty: what is nobody's
     */
    public record Share(
            String subject,
            long calls,
            long connectedSeconds,
            long chargedSeconds,
            UsdMicros revenue,
            UsdMicros cost) {}
}
