package ai.callmeback.db.ledger;

import java.util.Locale;

/** Why a payment is taken back. */
public enum ClawBackKind {
    REFUND,
    DISPUTE;

    /** As the database spells it. */
    String code() {
        return name().toLowerCase(Locale.ROOT);
    }
}
