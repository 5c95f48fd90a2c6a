package ai.callmeback.api.auth;

import ai.callmeback.db.identity.ApiKeys;
import ai.callmeback.db.identity.Sessions;
import java.time.Clock;
import java.util.UUID;
import org.springframework.stereotype.Component;
import reactor.core.publisher.Mono;

/** For answers that take long: whether what let a caller in would still do so. One round trip. */
@Component
public class LiveCredentials {
    private final Sessions sessions;
    private final ApiKeys keys;
    private final Clock clock;

    LiveCredentials(Sessions sessions, ApiKeys keys, Clock clock) {
        this.sessions = sessions;
        this.keys = keys;
        this.clock = clock;
    }

    /** False once the token or key was revoked, or its owner is no longer active. */
    public Mono<Boolean> stillGood(Caller caller) {
        return switch (caller.kind()) {
            case SESSION -> sessions.userOf(caller.id(), caller.credentialId()).hasElement();
            case API_KEY -> keys.isGood(caller.id(), UUID.fromString(caller.credentialId()), clock.instant());
        };
    }
}
