package ai.callmeback.activities.purchase;

import ai.callmeback.domain.UsdMicros;
import java.math.BigDecimal;
import java.math.RoundingMode;

/** What a card payment costs until the vendor says it: 2.9 % and 30 cents, half-even to a millionth of a dollar. */
public final class CardFees {
    private static final BigDecimal SHARE = new BigDecimal("0.029");
    private static final BigDecimal FIXED_MICROS = BigDecimal.valueOf(300_000);

    private CardFees() {}

    public static UsdMicros estimate(UsdMicros amount) {
        BigDecimal micros =
                BigDecimal.valueOf(amount.amountMicros()).multiply(SHARE).add(FIXED_MICROS);
        return new UsdMicros(micros.setScale(0, RoundingMode.HALF_EVEN).longValueExact());
    }
}
