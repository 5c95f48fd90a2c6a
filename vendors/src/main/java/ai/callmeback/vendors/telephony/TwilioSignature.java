package ai.callmeback.vendors.telephony;

import ai.callmeback.vendors.settings.Secret;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.Base64;
import java.util.Collection;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;

/**
 * Checks that a request comes from Twilio: {@code base64(HMAC-SHA1(authToken, url + sorted key + value…))} over the URL
 * exactly as Twilio called it. Our own, because the SDK's takes one value per key and a form may have several.
 */
public class TwilioSignature {

    private static final String BODY_HASH = "bodySHA256=";

    private final Secret authToken;

    public TwilioSignature(Secret authToken) {
        this.authToken = authToken;
    }

    /** A form request; {@code url} is the public one, with its query. False for a missing header or token. */
    public boolean validForm(
            URI url, Map<String, ? extends Collection<String>> form, @Nullable String signatureHeader) {
        StringBuilder parameters = new StringBuilder();
        new TreeMap<>(form).forEach((key, values) -> {
            for (String value : new TreeSet<>(values)) {
                parameters.append(key).append(value);
            }
        });
        return valid(url, parameters.toString(), signatureHeader);
    }

    /** A request with another body: Twilio signs the URL alone and puts the body's hash into it. */
    public boolean validBody(URI url, byte[] body, @Nullable String signatureHeader) {
        String query = url.getRawQuery() == null ? "" : url.getRawQuery();
        int at = ("&" + query).indexOf("&" + BODY_HASH);
        if (at < 0) {
            return false;
        }
        String claimed = query.substring(at + BODY_HASH.length()).split("&", 2)[0];
        return MessageDigest.isEqual(bytes(sha256(body)), bytes(claimed.toLowerCase(Locale.ROOT)))
                && valid(url, "", signatureHeader);
    }

    /** Tried with and without the port, since Twilio itself is not consistent about it. */
    private boolean valid(URI url, String parameters, @Nullable String signatureHeader) {
        if (signatureHeader == null || !authToken.isSet()) {
            return false;
        }
        boolean matches = false;
        for (String candidate : List.of(withPort(url), withoutPort(url), url.toString())) {
            matches |= MessageDigest.isEqual(bytes(sign(candidate + parameters)), bytes(signatureHeader));
        }
        return matches;
    }

    private String sign(String text) {
        try {
            Mac mac = Mac.getInstance("HmacSHA1");
            mac.init(new SecretKeySpec(bytes(authToken.reveal()), "HmacSHA1"));
            return Base64.getEncoder().encodeToString(mac.doFinal(bytes(text)));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("this JVM offers no HMAC-SHA1", e);
        }
    }

    private static String sha256(byte[] body) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(body));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("this JVM offers no SHA-256", e);
        }
    }

    private static String withPort(URI url) {
        int port = url.getPort() > 0 ? url.getPort() : "http".equals(url.getScheme()) ? 80 : 443;
        return rebuilt(url, url.getHost() + ":" + port);
    }

    private static String withoutPort(URI url) {
        return rebuilt(url, url.getHost());
    }

    private static String rebuilt(URI url, String authority) {
        return url.getScheme() + "://" + authority + url.getRawPath()
                + (url.getRawQuery() == null ? "" : "?" + url.getRawQuery());
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
