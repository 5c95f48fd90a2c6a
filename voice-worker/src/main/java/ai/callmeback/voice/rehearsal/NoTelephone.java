package ai.callmeback.voice.rehearsal;

import ai.callmeback.vendors.telephony.DialOutcome;
import ai.callmeback.vendors.telephony.FetchOutcome;
import ai.callmeback.vendors.telephony.ListOutcome;
import ai.callmeback.vendors.telephony.PlaceCall;
import ai.callmeback.vendors.telephony.Telephony;
import ai.callmeback.vendors.telephony.UpdateOutcome;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/** A telephone network without telephones: no rehearsal may reach a real one. */
final class NoTelephone implements Telephony {
    @Override
    public CompletableFuture<DialOutcome> createCall(PlaceCall call) {
        return CompletableFuture.completedFuture(new DialOutcome.Unknown("rehearsal"));
    }

    @Override
    public CompletableFuture<UpdateOutcome> endCall(String callSid) {
        return CompletableFuture.completedFuture(new UpdateOutcome.AlreadyEnded());
    }

    @Override
    public CompletableFuture<UpdateOutcome> sayAndEnd(String callSid, String words) {
        return CompletableFuture.completedFuture(new UpdateOutcome.AlreadyEnded());
    }

    @Override
    public CompletableFuture<UpdateOutcome> redirect(String callSid, URI url) {
        return CompletableFuture.completedFuture(new UpdateOutcome.AlreadyEnded());
    }

    @Override
    public CompletableFuture<UpdateOutcome> limit(String callSid, Duration timeLimit) {
        return CompletableFuture.completedFuture(new UpdateOutcome.AlreadyEnded());
    }

    @Override
    public CompletableFuture<FetchOutcome> fetch(String callSid) {
        return CompletableFuture.completedFuture(new FetchOutcome.NotFound());
    }

    @Override
    public CompletableFuture<ListOutcome> list(String toE164, Instant since) {
        return CompletableFuture.completedFuture(new ListOutcome.Listed(List.of()));
    }
}
