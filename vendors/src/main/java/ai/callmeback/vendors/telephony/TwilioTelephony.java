package ai.callmeback.vendors.telephony;

import ai.callmeback.vendors.settings.VendorPolicy;
import ai.callmeback.vendors.settings.VendorSettings;
import ai.callmeback.vendors.wire.Faults;
import com.twilio.exception.ApiConnectionException;
import com.twilio.exception.ApiException;
import com.twilio.exception.TwilioException;
import com.twilio.http.HttpMethod;
import com.twilio.http.TwilioRestClient;
import com.twilio.rest.api.v2010.account.Call;
import com.twilio.rest.api.v2010.account.CallCreator;
import com.twilio.rest.api.v2010.account.CallUpdater;
import com.twilio.type.PhoneNumber;
import java.math.BigDecimal;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpConnectTimeoutException;
import java.nio.channels.UnresolvedAddressException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZonedDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Twilio's REST interface by twilio-java, which blocks: every request runs on a virtual thread of its own. */
public final class TwilioTelephony implements Telephony, AutoCloseable {

    /** "Call is not in-progress" and "not found": the call is over, or was never there. */
    private static final Set<Integer> ENDED = Set.of(21220, 20404);

    private static final List<String> EVENTS = List.of("initiated", "ringing", "answered", "completed");
    private static final long LIST_SIZE = 50;

    private final VendorSettings.Twilio settings;
    private final java.net.http.HttpClient http = OnePostClient.newHttpClient();
    private final ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor();
    private final TwilioRestClient creating;
    private final TwilioRestClient updating;
    private final TwilioRestClient reading;

    public TwilioTelephony(VendorSettings.Twilio settings) {
        this.settings = settings;
        this.creating = client(VendorPolicy.TWILIO_CREATE_CALL);
        this.updating = client(VendorPolicy.TWILIO_UPDATE_CALL);
        this.reading = client(VendorPolicy.TWILIO_READ);
    }

    private TwilioRestClient client(VendorPolicy policy) {
        // The SDK refuses to be built without credentials; a platform without them must still start.
        String sid = settings.accountSid().isEmpty() ? "AC-not-set" : settings.accountSid();
        String token = settings.authToken().isSet() ? settings.authToken().reveal() : "not-set";
        return new TwilioRestClient.Builder(sid, token)
                .accountSid(sid)
                .httpClient(new OnePostClient(settings.apiBase(), policy, http))
                .build();
    }

    // ------------------------------------------------------------------ dial

    @Override
    public CompletableFuture<DialOutcome> createCall(PlaceCall call) {
        return CompletableFuture.supplyAsync(() -> dial(call), executor);
    }

    private DialOutcome dial(PlaceCall call) {
        CallCreator creator = Call.creator(
                        new PhoneNumber(call.toE164()), new PhoneNumber(settings.phoneNumber()), call.answerUrl())
                .setMethod(HttpMethod.POST)
                .setStatusCallback(call.statusCallback())
                .setStatusCallbackMethod(HttpMethod.POST)
                .setStatusCallbackEvent(EVENTS)
                .setTimeout(Math.toIntExact(call.ringTimeout().toSeconds()))
                .setTimeLimit(Math.toIntExact(call.timeLimit().toSeconds()));
        URI amd = call.amdCallback();
        if (amd != null) {
            creator.setMachineDetection("Enable")
                    .setAsyncAmd("true")
                    .setAsyncAmdStatusCallback(amd)
                    .setAsyncAmdStatusCallbackMethod(HttpMethod.POST);
        }
        try {
            String sid = creator.create(creating).getSid();
            return sid == null || sid.isBlank()
                    ? new DialOutcome.Unknown("the answer names no call")
                    : new DialOutcome.Accepted(sid);
        } catch (ApiException e) {
            return refusedOrUnknown(e);
        } catch (ApiConnectionException e) {
            return neverSent(e) ? TwilioRefusals.unreachable() : new DialOutcome.Unknown(why(e));
        } catch (RuntimeException e) {
            // The SDK throws more than it declares, for example on an answer that is not JSON.
            return new DialOutcome.Unknown(why(e));
        }
    }

    private static DialOutcome refusedOrUnknown(ApiException e) {
        Integer status = e.getStatusCode();
        boolean saidNo = status != null && status >= 400 && status < 500 && status != 408;
        return saidNo
                ? TwilioRefusals.of(e.getCode(), status)
                : new DialOutcome.Unknown("HTTP " + (status == null ? "answer without a meaning" : status));
    }

    /** No connection was made, so no request left: this one thing is certain about a failed request. */
    private static boolean neverSent(Throwable e) {
        Throwable cause = e.getCause();
        return cause instanceof ConnectException
                || cause instanceof HttpConnectTimeoutException
                || cause instanceof UnresolvedAddressException;
    }

    private static String why(Throwable e) {
        return Faults.describe(e.getCause() == null ? e : e.getCause());
    }

    // ------------------------------------------------------------------ update

    @Override
    public CompletableFuture<UpdateOutcome> endCall(String callSid) {
        return update(() -> Call.updater(callSid).setStatus(Call.UpdateStatus.COMPLETED));
    }

    @Override
    public CompletableFuture<UpdateOutcome> sayAndEnd(String callSid, String words) {
        return update(() -> Call.updater(callSid).setTwiml(StreamTwiml.sayThenHangUp(words)));
    }

    @Override
    public CompletableFuture<UpdateOutcome> redirect(String callSid, URI url) {
        return update(() -> Call.updater(callSid).setUrl(url).setMethod(HttpMethod.POST));
    }

    @Override
    public CompletableFuture<UpdateOutcome> limit(String callSid, Duration timeLimit) {
        return update(() -> Call.updater(callSid).setTimeLimit(Math.toIntExact(timeLimit.toSeconds())));
    }

    private CompletableFuture<UpdateOutcome> update(Supplier<CallUpdater> request) {
        return CompletableFuture.supplyAsync(
                () -> repeated(
                        VendorPolicy.TWILIO_UPDATE_CALL,
                        () -> new UpdateOutcome.Done(TwilioCallStatus.parse(
                                String.valueOf(request.get().update(updating).getStatus()))),
                        TwilioTelephony::notUpdated,
                        UpdateOutcome.Unknown::new),
                executor);
    }

    private static UpdateOutcome notUpdated(ApiException e) {
        int code = e.getCode() == null ? 0 : e.getCode();
        boolean ended = ENDED.contains(code) || Objects.equals(e.getStatusCode(), 404);
        return ended
                ? new UpdateOutcome.AlreadyEnded()
                : new UpdateOutcome.Refused(code, "Twilio refused (HTTP " + e.getStatusCode() + ", code " + code + ")");
    }

    // ------------------------------------------------------------------ read

    @Override
    public CompletableFuture<FetchOutcome> fetch(String callSid) {
        return CompletableFuture.supplyAsync(
                () -> repeated(
                        VendorPolicy.TWILIO_READ,
                        () -> new FetchOutcome.Found(
                                details(Call.fetcher(callSid).fetch(reading))),
                        e -> Objects.equals(e.getStatusCode(), 404)
                                ? new FetchOutcome.NotFound()
                                : new FetchOutcome.Unknown("HTTP " + e.getStatusCode() + ", code " + e.getCode()),
                        FetchOutcome.Unknown::new),
                executor);
    }

    /** Filters by time here: a call that is still queued has no start time, and the vendor's filter would miss it. */
    @Override
    public CompletableFuture<ListOutcome> list(String toE164, Instant since) {
        return CompletableFuture.supplyAsync(
                () -> repeated(
                        VendorPolicy.TWILIO_READ,
                        () -> {
                            List<CallDetails> calls = new ArrayList<>();
                            for (Call call : Call.reader()
                                    .setTo(new PhoneNumber(toE164))
                                    .setPageSize(LIST_SIZE)
                                    .firstPage(reading)
                                    .getRecords()) {
                                CallDetails details = details(call);
                                Instant created = details.createdAt();
                                // Without a date nothing can be ruled out. Dates are whole seconds.
                                if (created == null || !created.isBefore(since.minusSeconds(1))) {
                                    calls.add(details);
                                }
                            }
                            return new ListOutcome.Listed(calls);
                        },
                        e -> new ListOutcome.Unknown("HTTP " + e.getStatusCode() + ", code " + e.getCode()),
                        ListOutcome.Unknown::new),
                executor);
    }

    static CallDetails details(Call call) {
        return new CallDetails(
                call.getSid(),
                TwilioCallStatus.parse(String.valueOf(call.getStatus())),
                number(call.getDuration()),
                price(call.getPrice()),
                call.getPriceUnit() == null ? null : call.getPriceUnit().getCurrencyCode(),
                AnsweredBy.parse(call.getAnsweredBy()),
                instant(call.getDateCreated()),
                instant(call.getStartTime()),
                instant(call.getEndTime()));
    }

    private static @Nullable Integer number(@Nullable String text) {
        return text == null || !text.matches("[0-9]{1,9}") ? null : Integer.valueOf(text);
    }

    /** The vendor writes what it takes as a negative amount. */
    private static @Nullable BigDecimal price(@Nullable String text) {
        return text == null || !text.matches("-?[0-9]{1,9}(\\.[0-9]{1,9})?") ? null : new BigDecimal(text).negate();
    }

    private static @Nullable Instant instant(@Nullable ZonedDateTime time) {
        return time == null ? null : time.toInstant();
    }

    // ------------------------------------------------------------------ repeat

    /** Repeats what is safe to repeat, for as long as the failure is one that may pass. */
    private static <T> T repeated(
            VendorPolicy policy, Supplier<T> request, Function<ApiException, T> said, Function<String, T> unknown) {
        String reason = "";
        for (int attempt = 1; attempt <= policy.attempts(); attempt++) {
            long wait = policy.backoff().toMillis() << (attempt - 1);
            try {
                return request.get();
            } catch (ApiException e) {
                Integer status = e.getStatusCode();
                boolean mayPass = status == null || status >= 500 || status == 429 || status == 408;
                if (!mayPass) {
                    return said.apply(e);
                }
                reason = "HTTP " + status;
                wait = e instanceof Throttled throttled ? asked(throttled, policy, wait) : wait;
            } catch (TwilioException e) {
                reason = why(e);
            } catch (RuntimeException e) {
                return unknown.apply(why(e));
            }
            if (attempt < policy.attempts() && !pause(wait)) {
                return unknown.apply("interrupted");
            }
        }
        return unknown.apply(reason);
    }

    /** What the vendor asks for, but no longer than one request may take: somebody waits for the outcome. */
    private static long asked(Throttled throttled, VendorPolicy policy, long otherwise) {
        Duration asked = throttled.retryAfter();
        return asked == null
                ? otherwise
                : Math.min(asked.toMillis(), policy.deadline().toMillis());
    }

    private static boolean pause(long millis) {
        try {
            TimeUnit.MILLISECONDS.sleep(millis);
            return true;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    /** Requests on their way are not waited for. */
    @Override
    public void close() {
        executor.shutdownNow();
        http.shutdownNow();
    }
}
