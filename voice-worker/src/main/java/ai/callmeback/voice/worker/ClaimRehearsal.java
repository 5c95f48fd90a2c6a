package ai.callmeback.voice.worker;

import ai.callmeback.db.call.ClaimOutcome;
import ai.callmeback.db.call.Greetings;
import ai.callmeback.db.call.MediaOwners;
import ai.callmeback.db.call.StreamTokens;
import ai.callmeback.domain.policy.Limits;
import java.time.Duration;
import java.util.UUID;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * Claims calls that do not exist, many at once, before the worker is known to anybody: a hand-over brings a worker all calls
 * of another at once, and a connection that has to be made first, with a function the database has yet to read, costs each
 * of them part of a second. No row is touched.
 */
final class ClaimRehearsal {
    private static final Logger LOG = LoggerFactory.getLogger(ClaimRehearsal.class);
    private static final int AT_ONCE = 16;
    private static final int ROUNDS = 4;
    private static final Duration DEADLINE = Duration.ofSeconds(4);

    private final MediaOwners owners;
    private final Greetings greetings;
    private final String incarnation;

    ClaimRehearsal(MediaOwners owners, Greetings greetings, String incarnation) {
        this.owners = owners;
        this.greetings = greetings;
        this.incarnation = incarnation;
    }

    /** Returns after {@link #DEADLINE} at the latest; what fails is logged and holds nothing up. */
    void play() {
        Flux.range(0, ROUNDS)
                .concatMap(round -> Flux.range(0, AT_ONCE).flatMap(call -> claim(), AT_ONCE))
                .then()
                .timeout(DEADLINE)
                .doOnError(error -> LOG.info("claims not rehearsed: {}", error.toString()))
                .onErrorComplete()
                .block();
    }

    private Mono<ClaimOutcome> claim() {
        byte[] nobodys = StreamTokens.hash(UUID.randomUUID().toString());
        return Mono.zip(
                        owners.claim(nobodys, incarnation, Limits.MEDIA_LEASE),
                        greetings.take(nobodys).hasElement())
                .map(both -> both.getT1());
    }
}
