package ai.callmeback.vendors.settings;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import org.jspecify.annotations.Nullable;

/** A key or password that cannot be printed, logged or serialised by accident. Empty means not set. */
public final class Secret {

    public static final Secret NONE = new Secret("");

    private final String value;

    private Secret(String value) {
        this.value = value;
    }

    /** Also how the settings are bound from text. */
    public static Secret of(@Nullable String value) {
        return value == null || value.isBlank() ? NONE : new Secret(value.strip());
    }

    /** The secret itself; call it only where it goes onto the wire or into a cipher. */
    public String reveal() {
        return value;
    }

    public boolean isSet() {
        return !value.isEmpty();
    }

    /** Compares in a time that does not depend on where the values differ. */
    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof Secret secret
                && MessageDigest.isEqual(
                        value.getBytes(StandardCharsets.UTF_8), secret.value.getBytes(StandardCharsets.UTF_8));
    }

    @Override
    public int hashCode() {
        return value.hashCode();
    }

    @Override
    public String toString() {
        return isSet() ? "***" : "(not set)";
    }
}
