package ai.callmeback.api.auth;

import ai.callmeback.api.problem.ProblemCode;
import ai.callmeback.api.problem.ProblemException;
import ai.callmeback.db.identity.SignInFailures;
import ai.callmeback.db.identity.SignInFailures.Limit;
import java.net.InetSocketAddress;
import java.time.Clock;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.springframework.http.server.reactive.ServerHttpRequest;
import org.springframework.stereotype.Component;
import reactor.core.publisher.Mono;

/**
 * How often one may try. By e-mail and address together (a person who forgot), by e-mail alone (many machines at one
 * account; high enough that locking a stranger out takes an effort), by address alone (one machine at many accounts).
 */
@Component
class SignInThrottle {
    static final Duration WINDOW = Duration.ofMinutes(15);
    static final int PER_EMAIL_AND_ADDRESS = 10;
    static final int PER_EMAIL = 50;
    static final int PER_ADDRESS = 200;
    static final int REGISTRATIONS_PER_ADDRESS = 200;
    private static final int IPV6_LENGTH = 16;
    private static final int IPV6_NETWORK_BYTES = 8;

    private final SignInFailures failures;
    private final Clock clock;

    SignInThrottle(SignInFailures failures, Clock clock) {
        this.failures = failures;
        this.clock = clock;
    }

    List<Limit> signInKeys(String email, ServerHttpRequest request) {
        String address = address(request);
        return List.of(
                new Limit("sign-in\n" + email + "\n" + address, PER_EMAIL_AND_ADDRESS),
                new Limit("sign-in\n" + email, PER_EMAIL),
                new Limit("sign-in\n\n" + address, PER_ADDRESS));
    }

    List<Limit> registrationKeys(ServerHttpRequest request) {
        return List.of(new Limit("register\n" + address(request), REGISTRATIONS_PER_ADDRESS));
    }

    /** Counts an attempt; an error when it is one too many. */
    Mono<Void> count(List<Limit> keys) {
        return failures.count(keys, WINDOW, clock.instant())
                .flatMap(wait -> wait.isPositive()
                        ? Mono.error(ProblemException.retryLater(
                                ProblemCode.TOO_MANY_ATTEMPTS, "Please wait before trying again.", wait))
                        : Mono.empty());
    }

    Mono<Void> forgive(List<Limit> keys) {
        return failures.forgive(keys);
    }

    /** A home has one IPv4 address or one IPv6 network of 64 bits. */
    private static String address(ServerHttpRequest request) {
        return Optional.ofNullable(request.getRemoteAddress())
                .map(InetSocketAddress::getAddress)
                .map(a -> a.getAddress().length == IPV6_LENGTH
                        ? Arrays.toString(Arrays.copyOf(a.getAddress(), IPV6_NETWORK_BYTES))
                        : Arrays.toString(a.getAddress()))
                .orElse("unknown");
    }
}
