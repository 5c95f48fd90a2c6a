package ai.callmeback.api.auth;

import ai.callmeback.api.settings.ApiSettings;
import ai.callmeback.db.identity.Sessions;
import ai.callmeback.db.identity.SignInFailures;
import java.time.Clock;
import java.time.Instant;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;
import org.springframework.stereotype.Component;
import reactor.core.Disposable;
import reactor.core.Disposables;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * Forgets what no longer decides anything: revocations of tokens that have expired by themselves, and windows of sign-in
 * attempts that are over. Every process does it, at its own pace; a repeat finds nothing. A failure waits for the next
 * round.
 */
@Component
class Forgetting implements SmartLifecycle {
    private static final Logger log = LoggerFactory.getLogger(Forgetting.class);

    private final Sessions sessions;
    private final SignInFailures failures;
    private final ApiSettings settings;
    private final Clock clock;
    private volatile Disposable rounds = Disposables.disposed();

    Forgetting(Sessions sessions, SignInFailures failures, ApiSettings settings, Clock clock) {
        this.sessions = sessions;
        this.failures = failures;
        this.settings = settings;
        this.clock = clock;
    }

    @Override
    public void start() {
        rounds = Flux.interval(settings.forgetEvery())
                .onBackpressureDrop()
                .concatMap(n -> round().onErrorResume(e -> {
                    log.warn("nothing forgotten this time: {}", e.toString());
                    return Mono.empty();
                }))
                .subscribe();
    }

    private Mono<Void> round() {
        Instant now = clock.instant();
        return Mono.zip(
                        sessions.forgetExpired(now),
                        failures.forgetBefore(now.minus(SignInThrottle.WINDOW)),
                        Math::addExact)
                .doOnNext(count -> log.debug("forgot {} rows", count))
                .then();
    }

    @Override
    public void stop() {
        rounds.dispose();
    }

    @Override
    public boolean isRunning() {
        return !rounds.isDisposed();
    }
}
