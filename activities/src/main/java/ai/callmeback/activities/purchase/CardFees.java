package ai.callmeback.activities.purchase;

import ai.callmeback.domain.UsdMicros;

/** What a card payment costs until the vendor says it: 2.9 % and 30 cents. */
final class CardFees {
    private static final long PER_MILLE = 29;
    private static final long FIXED_MICROS = 300_000;

    private CardFees() {}

    static UsdMicros estimate(UsdMicros amount) {
        return new UsdMicros(amount.amountMicros() * PER_MILLE / 1_000 + FIXED_MICROS);
    }
}
