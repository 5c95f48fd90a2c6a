package ai.callmeback.voice.socket;

import ai.callmeback.voice.call.CallSetup;
import java.util.concurrent.CompletableFuture;

/** Decides whether a stream may speak for a call. */
public interface MediaClaims {
    /**
     * Claims the call the token stands for: a compare-and-set somewhere durable. A token is good for one claim. Never
     * completes exceptionally, and completes within its own deadline.
     */
    CompletableFuture<Claim> claim(String token, String callSid);

    /** Lets go of a leg nobody will speak on; a failure is left to the lease's end. */
    void release(CallSetup leg);

    /** What became of a claim. */
    sealed interface Claim {
        record Granted(CallSetup setup) implements Claim {}

        /** An older stream than the owner's, or a token used before. */
        record Stale() implements Claim {}

        record UnknownToken() implements Claim {}

        /** The database did not answer: another worker may have better luck. */
        record Unavailable() implements Claim {}
    }
}
