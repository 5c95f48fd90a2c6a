package ai.callmeback.simulators.twilio;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Base64;
import org.jspecify.annotations.Nullable;

/** HTTP Basic with the account's sid and token. */
final class TwilioAuth {
    private TwilioAuth() {}

    /** Throws 20003 unless the header is right, and for this account. */
    static void check(TwilioSettings settings, @Nullable String authorization, @Nullable String accountInPath) {
        String expected = "Basic "
                + Base64.getEncoder()
                        .encodeToString(
                                (settings.accountSid() + ":" + settings.authToken()).getBytes(StandardCharsets.UTF_8));
        boolean right = authorization != null
                && MessageDigest.isEqual(
                        expected.getBytes(StandardCharsets.UTF_8), authorization.getBytes(StandardCharsets.UTF_8));
        if (!right || (accountInPath != null && !accountInPath.equals(settings.accountSid()))) {
            throw TwilioError.authenticate();
        }
    }
}
