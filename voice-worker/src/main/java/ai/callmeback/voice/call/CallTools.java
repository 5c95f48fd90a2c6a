package ai.callmeback.voice.call;

import ai.callmeback.domain.conversation.Brief;
import java.time.Instant;
import java.time.LocalDateTime;
import java.util.concurrent.CompletableFuture;

/**
 * What the persona can have done for the person it talks to. Answers come on any thread, never exceptionally; a request
 * repeated under its key is done once.
 */
public interface CallTools {
    /** What came of it, with words for the model. */
    sealed interface Outcome {
        record Done(String told) implements Outcome {}

        /** Another persona has the call from now on, and goes on by this brief. */
        record Handed(String told, Brief to) implements Outcome {}

        /** @param code stable, snake_case */
        record Refused(String code, String told) implements Outcome {}
    }

    /** For a world in which nothing can be done. */
    static CallTools none() {
        var refused = CompletableFuture.<Outcome>completedFuture(
                new Outcome.Refused("unavailable", "That is not possible at the moment."));
        return new CallTools() {
            @Override
            public CompletableFuture<Outcome> extend(CallSetup leg, String key) {
                return refused;
            }

            @Override
            public CompletableFuture<Outcome> callBack(CallSetup leg, Instant at, String key) {
                return refused;
            }

            @Override
            public CompletableFuture<Outcome> callBack(CallSetup leg, LocalDateTime localTime, String key) {
                return refused;
            }

            @Override
            public CompletableFuture<Outcome> handTo(CallSetup leg, String persona) {
                return refused;
            }

            @Override
            public CompletableFuture<Outcome> remember(CallSetup leg, String what, String key) {
                return refused;
            }
        };
    }

    /** Five minutes more, if there is credit; the lease brings the new length. */
    CompletableFuture<Outcome> extend(CallSetup leg, String key);

    /** Books a call from the same persona to the same phone, at an instant. */
    CompletableFuture<Outcome> callBack(CallSetup leg, Instant at, String key);

    /** The same at a time of the person's own clock; refused if their time zone is not known. */
    CompletableFuture<Outcome> callBack(CallSetup leg, LocalDateTime localTime, String key);

    /** Gives the call to another persona, by its name: {@link Outcome.Handed}. A repeat gives it again. */
    CompletableFuture<Outcome> handTo(CallSetup leg, String persona);

    /** Keeps a fact for later calls with this person. */
    CompletableFuture<Outcome> remember(CallSetup leg, String what, String key);
}
