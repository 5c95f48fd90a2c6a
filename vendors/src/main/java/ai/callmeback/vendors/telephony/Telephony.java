package ai.callmeback.vendors.telephony;

import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.CompletableFuture;

/**
 * Port: the telephone network.
 *
 * <p>Every method makes its request at once, off the caller's thread, and answers within its deadline with a value; the
 * futures never complete exceptionally for anything the vendor or the network does. A future, not a cold publisher: it
 * cannot be subscribed to twice, and so cannot dial twice.
 */
public interface Telephony {

    /** Dials once. There is no idempotency key: never repeat it after {@link DialOutcome.Unknown}. */
    CompletableFuture<DialOutcome> createCall(PlaceCall call);

    /** Ends a call in any state. A repeat answers {@link UpdateOutcome.AlreadyEnded}. */
    CompletableFuture<UpdateOutcome> endCall(String callSid);

    /**
     * Has the vendor itself say this and hang up, which ends the call's media stream: for when no voice of ours is left. A
     * repeat begins anew.
     */
    CompletableFuture<UpdateOutcome> sayAndEnd(String callSid, String words);

    /** Makes a live call fetch new instructions from {@code url}, which ends its current media stream. */
    CompletableFuture<UpdateOutcome> redirect(String callSid, URI url);

    /** Moves the end a call is cut at by the vendor, counted from its answer; a repeat writes the same. */
    CompletableFuture<UpdateOutcome> limit(String callSid, Duration timeLimit);

    CompletableFuture<FetchOutcome> fetch(String callSid);

    /** Calls to a number created at or after {@code since}, newest first: how an unknown dial is resolved. */
    CompletableFuture<ListOutcome> list(String toE164, Instant since);
}
