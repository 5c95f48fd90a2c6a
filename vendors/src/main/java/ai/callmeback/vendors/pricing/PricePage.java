package ai.callmeback.vendors.pricing;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A vendor's price page.
 *
 * @param fingerprint SHA-256 of the dollar amounts on it, in their order: the words around them change all the time. Of a
 *     page that names no amount, of its text.
 */
public record PricePage(String url, String fingerprint) {
    private static final Pattern NOT_SHOWN =
            Pattern.compile("(?is)<(script|style|noscript|svg|head)\\b.*?</\\1\\s*>|<!--.*?-->");
    private static final Pattern TAG = Pattern.compile("(?s)<[^>]*>");
    private static final Pattern SPACE = Pattern.compile("\\s+");
    private static final Pattern AMOUNT = Pattern.compile("\\$ ?([0-9][0-9,]*(?:\\.[0-9]+)?|\\.[0-9]+)");

    public static PricePage of(String url, String html) {
        String text = SPACE.matcher(
                        TAG.matcher(NOT_SHOWN.matcher(html).replaceAll(" ")).replaceAll(" "))
                .replaceAll(" ")
                .strip();
        StringBuilder amounts = new StringBuilder();
        Matcher found = AMOUNT.matcher(text);
        while (found.find()) {
            amounts.append(found.group(1)).append('\n');
        }
        return new PricePage(url, sha256(amounts.isEmpty() ? text : amounts.toString()));
    }

    private static String sha256(String text) {
        try {
            byte[] hash = MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(hash);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }
}
