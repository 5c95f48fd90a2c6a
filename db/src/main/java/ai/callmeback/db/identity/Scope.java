package ai.callmeback.db.identity;

import java.util.Arrays;
import java.util.Optional;

/** What an API key may do. A signed-in person may do all of it, and alone may manage keys. */
public enum Scope {
    CALLS_READ("calls:read"),
    CALLS_WRITE("calls:write"),
    CREDITS_READ("credits:read"),
    ACCOUNT_READ("account:read");

    private final String wire;

    Scope(String wire) {
        this.wire = wire;
    }

    public String wire() {
        return wire;
    }

    public static Optional<Scope> ofWire(String text) {
        return Arrays.stream(values()).filter(s -> s.wire.equals(text)).findFirst();
    }
}
