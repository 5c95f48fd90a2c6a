package ai.callmeback.domain;

import java.math.BigDecimal;

/** Money in millionths of a US dollar; may be negative (a correction). */
public record UsdMicros(long amountMicros) implements Comparable<UsdMicros> {
    public static final UsdMicros ZERO = new UsdMicros(0);
    private static final int MICRO_PLACES = 6;

    public UsdMicros plus(UsdMicros other) {
        return new UsdMicros(Math.addExact(amountMicros, other.amountMicros));
    }

    /** The amount in dollars with exactly six places. */
    public BigDecimal toUsd() {
        return BigDecimal.valueOf(amountMicros, MICRO_PLACES);
    }

    @Override
    public int compareTo(UsdMicros other) {
        return Long.compare(amountMicros, other.amountMicros);
    }

    @Override
    public String toString() {
        return "$" + toUsd().toPlainString();
    }
}
