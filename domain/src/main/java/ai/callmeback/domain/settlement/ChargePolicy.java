package ai.callmeback.domain.settlement;

import ai.callmeback.domain.Credits;
import java.util.Locale;

/**
 * How much of a charged call is charged; the codes are stable. It belongs to the product that pays for the call and is fixed
 * when the call holds its credits. Whether a call is charged at all is the {@link ChargeTable}'s alone.
 */
public enum ChargePolicy {
    /** What was talked. */
    BY_THE_SECOND,
    /** The planned length, extensions included, once more than half of it was talked; until then what was talked. */
    WHOLE_LENGTH;

    /** The stable snake_case code. */
    public String code() {
        return name().toLowerCase(Locale.ROOT);
    }

    public static ChargePolicy ofCode(String code) {
        return valueOf(code.toUpperCase(Locale.ROOT));
    }

    /**
     * What the table decided, with the seconds of this policy. Not bounded by the hold: the ledger captures at most that.
     *
     * @param plannedSeconds extensions included
     */
    public Settlement settle(Settlement byTable, long plannedSeconds) {
        long talked = byTable.charged().seconds();
        if (this == BY_THE_SECOND
                || byTable.decision() != ChargeDecision.CHARGED
                || talked <= plannedSeconds - talked) {
            return byTable;
        }
        return new Settlement(
                ChargeDecision.CHARGED,
                ChargeReason.WHOLE_LENGTH,
                new Credits(Math.max(talked, plannedSeconds)),
                byTable.clock());
    }
}
