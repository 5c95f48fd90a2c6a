package ai.callmeback.db.cost;

import java.math.BigDecimal;

/**
 * The whole quantity of one operation of one call, as known now; recording works out the difference to what is booked.
 *
 * @param model empty where the vendor has one price for the operation
 * @param quantity in {@code unit}, at most six places
 */
public record CostInput(
        String vendor, String operation, String model, BigDecimal quantity, String unit, boolean estimated) {
    public CostInput {
        if (quantity.signum() < 0 || quantity.stripTrailingZeros().scale() > 6) {
            throw new IllegalArgumentException(
                    "a billed quantity is not negative and has at most six places: " + quantity + " " + unit);
        }
    }
}
