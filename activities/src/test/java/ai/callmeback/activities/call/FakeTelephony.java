package ai.callmeback.activities.call;

import ai.callmeback.vendors.telephony.CallDetails;
import ai.callmeback.vendors.telephony.DialOutcome;
import ai.callmeback.vendors.telephony.FetchOutcome;
import ai.callmeback.vendors.telephony.ListOutcome;
import ai.callmeback.vendors.telephony.PlaceCall;
import ai.callmeback.vendors.telephony.Telephony;
import ai.callmeback.vendors.telephony.TwilioCallStatus;
import ai.callmeback.vendors.telephony.UpdateOutcome;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;

/** A telephony that remembers every dial it was asked for. */
final class FakeTelephony implements Telephony {
    /** A dial that really happened. */
    record Dial(String callSid, PlaceCall call) {}

    final List<Dial> dials = new CopyOnWriteArrayList<>();
    final List<String> ended = new CopyOnWriteArrayList<>();
    final Map<String, Duration> limits = new ConcurrentHashMap<>();
    final Map<String, Integer> durations = new ConcurrentHashMap<>();
    volatile Function<Dial, DialOutcome> answer = dial -> new DialOutcome.Accepted(dial.callSid());
    private final AtomicInteger sids = new AtomicInteger();

    @Override
    public CompletableFuture<DialOutcome> createCall(PlaceCall call) {
        var dial = new Dial("CA%032d".formatted(sids.incrementAndGet()), call);
        dials.add(dial);
        return CompletableFuture.completedFuture(answer.apply(dial));
    }

    List<Dial> dialsTo(String number) {
        return dials.stream().filter(d -> d.call().toE164().equals(number)).toList();
    }

    @Override
    public CompletableFuture<UpdateOutcome> endCall(String callSid) {
        ended.add(callSid);
        return CompletableFuture.completedFuture(new UpdateOutcome.Done(TwilioCallStatus.COMPLETED));
    }

    @Override
    public CompletableFuture<UpdateOutcome> sayAndEnd(String callSid, String words) {
        throw new UnsupportedOperationException();
    }

    @Override
    public CompletableFuture<UpdateOutcome> redirect(String callSid, URI url) {
        return CompletableFuture.completedFuture(new UpdateOutcome.Done(TwilioCallStatus.IN_PROGRESS));
    }

    @Override
    public CompletableFuture<UpdateOutcome> limit(String callSid, Duration timeLimit) {
        limits.put(callSid, timeLimit);
        return CompletableFuture.completedFuture(new UpdateOutcome.Done(TwilioCallStatus.IN_PROGRESS));
    }

    @Override
    public CompletableFuture<FetchOutcome> fetch(String callSid) {
        return CompletableFuture.completedFuture(new FetchOutcome.Found(details(callSid)));
    }

    @Override
    public CompletableFuture<ListOutcome> list(String toE164, Instant since) {
        return CompletableFuture.completedFuture(new ListOutcome.Listed(
                dialsTo(toE164).stream().map(d -> details(d.callSid())).toList()));
    }

    private CallDetails details(String callSid) {
        Integer duration = durations.get(callSid);
        return new CallDetails(
                callSid,
                duration == null ? TwilioCallStatus.RINGING : TwilioCallStatus.COMPLETED,
                duration,
                null,
                null,
                null,
                null,
                null,
                null);
    }
}
