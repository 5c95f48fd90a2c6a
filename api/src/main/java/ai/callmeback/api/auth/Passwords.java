package ai.callmeback.api.auth;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.text.Normalizer;
import java.util.Base64;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.springframework.beans.factory.DisposableBean;
import org.springframework.security.crypto.bcrypt.BCryptPasswordEncoder;
import org.springframework.stereotype.Component;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;

/**
 * bcrypt for any Unicode password of any length. bcrypt itself reads 72 bytes and stops at a NUL, so it is given the
 * Base64 of an HMAC-SHA-256 of the password (44 characters, no NUL). The HMAC's key is a public label: it keeps these
 * hashes from being matched against plain SHA-256 lists. The password is brought to NFC first, because keyboards of
 * different systems send the same letter in different forms.
 *
 * <p>Hashing takes tens of milliseconds of CPU: it runs on two threads of its own, never on an event loop. At most
 * {@value #QUEUED} wait; beyond that the request is answered {@code busy} with 503.
 */
@Component
class Passwords implements DisposableBean {
    private static final byte[] LABEL = "callmeback/password/v1".getBytes(StandardCharsets.US_ASCII);
    private static final int THREADS = 2;
    private static final int QUEUED = 64;
    private static final int COST = 10;

    private final BCryptPasswordEncoder bcrypt = new BCryptPasswordEncoder(COST);
    private final Scheduler threads = Schedulers.newBoundedElastic(THREADS, QUEUED, "bcrypt");
    private final String nobodysHash = bcrypt.encode(digest("nobody's password"));

    Mono<String> hash(String password) {
        return Mono.fromCallable(() -> bcrypt.encode(digest(password))).subscribeOn(threads);
    }

    Mono<Boolean> matches(String password, String hash) {
        return Mono.fromCallable(() -> bcrypt.matches(digest(password), hash)).subscribeOn(threads);
    }

    /** Takes as long as {@link #matches}, for an e-mail without an account. */
    Mono<Boolean> matchesNobody(String password) {
        return matches(password, nobodysHash).map(ignored -> false);
    }

    private static String digest(String password) {
        try {
            Mac hmac = Mac.getInstance("HmacSHA256");
            hmac.init(new SecretKeySpec(LABEL, "HmacSHA256"));
            byte[] text = Normalizer.normalize(password, Normalizer.Form.NFC).getBytes(StandardCharsets.UTF_8);
            return Base64.getEncoder().encodeToString(hmac.doFinal(text));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java platform has HmacSHA256", e);
        }
    }

    @Override
    public void destroy() {
        threads.dispose();
    }
}
