package ai.callmeback.vendors.billing;

import java.time.Instant;

/**
 * One change of our balance at the payment vendor.
 *
 * @param id the vendor's
 * @param subject of a charge its payment, of the others the refund or the dispute; else what the vendor names
 * @param amountCents positive: to us
 * @param feeCents taken from it
 * @param currency lower case, that of the balance
 */
public record MoneyMovement(
        String id, Kind kind, String subject, Instant at, long amountCents, long feeCents, String currency) {

    /** What moved it. */
    public enum Kind {
        CHARGE,
        REFUND,
        DISPUTE,
        /** Payouts, fees of the account and the like. */
        OTHER
    }
}
