package ai.callmeback.domain;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.Objects;

/** US dollars for one unit of something a vendor bills; exact, at most twelve places, never negative. */
public record UnitPrice(BigDecimal usd) {
    private static final int MAX_PLACES = 12;
    private static final int MICRO_PLACES = 6;

    public UnitPrice {
        Objects.requireNonNull(usd, "usd");
        if (usd.signum() < 0) {
            throw new IllegalArgumentException("a unit price must not be negative: " + usd);
        }
        if (usd.stripTrailingZeros().scale() > MAX_PLACES) {
            throw new IllegalArgumentException("a unit price has at most " + MAX_PLACES + " places: " + usd);
        }
    }

    public static UnitPrice of(String usd) {
        return new UnitPrice(new BigDecimal(usd));
    }

    /** The price of {@code quantity} units, rounded half-even to the millionth of a dollar, once. */
    public UsdMicros times(BigDecimal quantity) {
        return new UsdMicros(usd.multiply(quantity)
                .setScale(MICRO_PLACES, RoundingMode.HALF_EVEN)
                .unscaledValue()
                .longValueExact());
    }
}
