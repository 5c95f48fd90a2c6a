package ai.callmeback.voice.worker;

import ai.callmeback.db.call.Greetings;
import ai.callmeback.voice.call.CallSetup;
import ai.callmeback.voice.call.Carried;
import ai.callmeback.voice.call.HandOvers;
import ai.callmeback.voice.mouth.LonePhrase;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Leaves the speech where the claim of the next worker fetches the first words of a call. */
final class DatabaseHandOvers implements HandOvers {
    private static final Logger LOG = LoggerFactory.getLogger(DatabaseHandOvers.class);
    /** Nobody speaks meanwhile; the words alone will do. */
    private static final Duration DEADLINE = Duration.ofMillis(250);

    private final Greetings greetings;

    DatabaseHandOvers(Greetings greetings) {
        this.greetings = greetings;
    }

    @Override
    public CompletableFuture<Void> leave(CallSetup leg, Carried carried) {
        LonePhrase.Speech speech = carried.speech();
        if (speech == null) {
            return CompletableFuture.completedFuture(null);
        }
        return greetings
                .leave(leg.callId(), leg.attempt(), GreetingMaker.stored(speech))
                .timeout(DEADLINE)
                .doOnError(error -> LOG.info("speech of call {} left behind: {}", leg.callId(), error.toString()))
                .toFuture();
    }
}
