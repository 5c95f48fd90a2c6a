package ai.callmeback.db.cost;

import ai.callmeback.domain.UsdMicros;
import java.util.List;

/**
 * The sum of a call's lines, corrections included.
 *
 * @param complete false when a line has no amount, so that the sum is too low
 */
public record CostTotal(UsdMicros amount, boolean complete) {

    public static CostTotal of(List<CostLine> lines) {
        UsdMicros sum = UsdMicros.ZERO;
        boolean complete = true;
        for (CostLine line : lines) {
            UsdMicros amount = line.amount();
            if (amount == null) {
                complete = false;
            } else {
                sum = sum.plus(amount);
            }
        }
        return new CostTotal(sum, complete);
    }
}
