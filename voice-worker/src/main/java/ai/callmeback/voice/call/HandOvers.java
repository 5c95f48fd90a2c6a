package ai.callmeback.voice.call;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** Where a worker that steps down leaves what it has ready for the one that takes the call. */
@FunctionalInterface
public interface HandOvers {
    /** Completes when it can be found, exceptionally when it could not be left: the words are in the journal as well. */
    CompletionStage<Void> leave(CallSetup leg, Carried carried);

    /** Leaves nothing. */
    static HandOvers none() {
        return (leg, carried) -> CompletableFuture.completedFuture(null);
    }
}
