package ai.callmeback.api.inbound;

import ai.callmeback.domain.E164;
import ai.callmeback.vendors.settings.InvalidSettingsException;
import ai.callmeback.vendors.settings.PlatformSettings;
import ai.callmeback.vendors.settings.SettingsProblem;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.List;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.springframework.stereotype.Component;

/**
 * The form in which callers' numbers are kept: HMAC-SHA-256 under {@code CALLER_HASH_KEY}. Numbers are few enough to try
 * them all, so a hash without a key would hide nothing. With a new key every number is a new one.
 */
@Component
class CallerHash {
    private static final String ALGORITHM = "HmacSHA256";
    private static final int SHORTEST_KEY = 32;
    /** Outside production, where nobody real calls, a key may be left out. */
    private static final String NO_KEY = "no key: not for production";

    private final SecretKeySpec key;

    CallerHash(InboundSettings settings, PlatformSettings platform) {
        String given = settings.hashKey().reveal();
        if (platform.production() && given.length() < SHORTEST_KEY) {
            throw new InvalidSettingsException(List.of(new SettingsProblem(
                    "CALLER_HASH_KEY",
                    given.isEmpty() ? "is not set" : "is shorter than " + SHORTEST_KEY + " characters",
                    "set a random value of at least " + SHORTEST_KEY + " characters, and keep it",
                    true)));
        }
        byte[] bytes = (given.isEmpty() ? NO_KEY : given).getBytes(StandardCharsets.UTF_8);
        this.key = new SecretKeySpec(bytes, ALGORITHM);
    }

    byte[] of(E164 number) {
        try {
            Mac mac = Mac.getInstance(ALGORITHM);
            mac.init(key);
            return mac.doFinal(number.value().getBytes(StandardCharsets.US_ASCII));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java platform has " + ALGORITHM, e);
        }
    }
}
