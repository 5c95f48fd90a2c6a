package ai.callmeback.api.auth;

import java.security.SecureRandom;
import org.springframework.stereotype.Component;

/** What a user is called where others can read along: {@code u-} and 60 random bits, unrelated to the person. */
@Component
class Pseudonyms {
    private static final String ALPHABET = "abcdefghjkmnpqrstuvwxyz023456789";
    private static final int LENGTH = 12;

    private final SecureRandom random;

    Pseudonyms(SecureRandom random) {
        this.random = random;
    }

    String next() {
        StringBuilder text = new StringBuilder("u-");
        for (int i = 0; i < LENGTH; i++) {
            text.append(ALPHABET.charAt(random.nextInt(ALPHABET.length())));
        }
        return text.toString();
    }
}
