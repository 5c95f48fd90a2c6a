package ai.callmeback.db.ledger;

import java.util.Locale;

/** Where credits came from. */
public enum GrantSource {
    PACK,
    SINGLE_CALL,
    SUBSCRIPTION,
    TRIAL,
    PROMO,
    REFERRAL,
    GOODWILL;

    /** As the database spells it. */
    String code() {
        return name().toLowerCase(Locale.ROOT);
    }
}
