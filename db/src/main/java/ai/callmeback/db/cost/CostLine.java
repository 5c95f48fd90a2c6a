package ai.callmeback.db.cost;

import ai.callmeback.domain.CallId;
import ai.callmeback.domain.UnitPrice;
import ai.callmeback.domain.UsdMicros;
import java.math.BigDecimal;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * One priced fact about a call; never changed, only followed by correcting lines of a higher revision.
 *
 * @param model empty where the vendor has one price for the operation
 * @param revision 0 for the final line, then 1, 2… for corrections
 * @param quantity as the vendor bills it; a correction's is the difference and may be negative
 * @param unitPrice in force at the call; null when the price book had none
 * @param amount quantity times price, rounded half-even to the millionth of a dollar once; null without a price
 * @param estimated true until the vendor's own figure is known
 * @param missingReason why there is no amount; null when there is one
 */
public record CostLine(
        CallId callId,
        String vendor,
        String operation,
        String model,
        int revision,
        BigDecimal quantity,
        String unit,
        @Nullable UnitPrice unitPrice,
        @Nullable UsdMicros amount,
        boolean estimated,
        @Nullable String missingReason,
        Instant recordedAt) {}
