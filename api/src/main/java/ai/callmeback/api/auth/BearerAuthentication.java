package ai.callmeback.api.auth;

import ai.callmeback.db.identity.ApiKeys;
import ai.callmeback.db.identity.Scope;
import ai.callmeback.db.identity.Sessions;
import java.time.Clock;
import java.util.Optional;
import java.util.Set;
import org.springframework.http.HttpHeaders;
import org.springframework.security.authentication.BadCredentialsException;
import org.springframework.security.core.Authentication;
import org.springframework.security.web.server.authentication.ServerAuthenticationConverter;
import org.springframework.stereotype.Component;
import org.springframework.web.server.ServerWebExchange;
import reactor.core.publisher.Mono;

/** Turns {@code Authorization: Bearer …} into a caller: a session token or an API key, one round trip each. */
@Component
class BearerAuthentication implements ServerAuthenticationConverter {
    private static final String SCHEME = "bearer ";
    private static final Set<Scope> ALL_SCOPES = Set.of(Scope.values());

    private final SessionTokens tokens;
    private final Sessions sessions;
    private final ApiKeys keys;
    private final Clock clock;

    BearerAuthentication(SessionTokens tokens, Sessions sessions, ApiKeys keys, Clock clock) {
        this.tokens = tokens;
        this.sessions = sessions;
        this.keys = keys;
        this.clock = clock;
    }

    /** Empty without the header; an error (401) when what it shows is no good, also where no token is needed. */
    @Override
    public Mono<Authentication> convert(ServerWebExchange exchange) {
        String header = exchange.getRequest().getHeaders().getFirst(HttpHeaders.AUTHORIZATION);
        if (header == null || !header.regionMatches(true, 0, SCHEME, 0, SCHEME.length())) {
            return Mono.empty();
        }
        return caller(header.substring(SCHEME.length()).strip())
                .<Authentication>map(CallerAuthentication::new)
                .switchIfEmpty(Mono.error(() -> new BadCredentialsException("token not accepted")));
    }

    private Mono<Caller> caller(String token) {
        Optional<byte[]> keyHash = KeySecrets.hashIfSecret(token);
        if (keyHash.isPresent()) {
            return keys.use(keyHash.get(), clock.instant())
                    .map(owned -> new Caller(
                            owned.owner(),
                            Caller.Kind.API_KEY,
                            owned.key().id().toString(),
                            owned.key().scopes(),
                            owned.key().expiresAt()));
        }
        return Mono.justOrEmpty(tokens.read(token))
                .flatMap(claims -> sessions.userOf(claims.user(), claims.tokenId())
                        .map(user -> new Caller(
                                user,
                                Caller.Kind.SESSION,
                                claims.tokenId(),
                                ALL_SCOPES,
                                Optional.of(claims.expiresAt()))));
    }
}
