package ai.callmeback.api.auth;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.Optional;

/** Secrets of API keys: {@code cmb_} and 256 random bits. Only their SHA-256 is kept. */
final class KeySecrets {
    static final String MARK = "cmb_";
    private static final int BYTES = 32;
    private static final int PREFIX_LENGTH = MARK.length() + 6;
    private static final int LENGTH = MARK.length() + 43;

    private KeySecrets() {}

    static String make(SecureRandom random) {
        byte[] bytes = new byte[BYTES];
        random.nextBytes(bytes);
        return MARK + Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }

    /** What may be shown later to tell keys apart. */
    static String prefix(String secret) {
        return secret.substring(0, PREFIX_LENGTH);
    }

    /** Empty when it does not look like a secret of ours: no look-up is spent on it. */
    static Optional<byte[]> hashIfSecret(String token) {
        return token.startsWith(MARK) && token.length() == LENGTH ? Optional.of(sha256(token)) : Optional.empty();
    }

    static byte[] sha256(String text) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }
}
