package ai.callmeback.db.ledger;

import java.util.Locale;

/** A hold is open, then resolves once. */
public enum HoldState {
    OPEN,
    CAPTURED,
    RELEASED,
    EXPIRED;

    static HoldState of(String code) {
        return valueOf(code.toUpperCase(Locale.ROOT));
    }
}
