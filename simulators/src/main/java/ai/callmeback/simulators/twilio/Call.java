package ai.callmeback.simulators.twilio;

import ai.callmeback.simulators.core.Details;
import ai.callmeback.simulators.core.SimTime;
import ai.callmeback.simulators.phone.Handset;
import ai.callmeback.simulators.phone.Line;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** One call: one that came in, or an outgoing one from the queue to its price. On the simulators' thread. */
final class Call implements Line, MediaLeg.Owner {
    /** From dialling until the far end rings. */
    private static final Duration SETUP = Duration.ofMillis(150);

    private final Exchange exchange;
    private final SimTime time;
    private final String sid;
    private final DialRequest request;
    private final StatusCallbacks callbacks;
    private final TwimlRun twiml;
    private final MachineListener machines;
    private final Instant createdAt;
    private final long queuedNanos;
    private final List<Runnable> whenRang = new ArrayList<>();
    private final List<SimTime.Timer> timers = new ArrayList<>();
    private CallStatus status = CallStatus.QUEUED;
    private SimTime.Timer timeLimit = SimTime.Timer.NONE;
    private int timeLimitSeconds;
    private @Nullable Handset handset;
    private @Nullable CallMedia media;
    private @Nullable Instant startedAt;
    private @Nullable Instant endedAt;
    private Instant updatedAt;
    private long answeredNanos;
    private long queueMillis;
    private @Nullable Long durationSeconds;
    private @Nullable BigDecimal priceUsd;

    Call(Exchange exchange, String sid, DialRequest request) {
        this.exchange = exchange;
        this.time = exchange.time();
        this.sid = sid;
        this.request = request;
        this.timeLimitSeconds = request.timeLimitSeconds();
        this.callbacks = new StatusCallbacks(exchange, this, request);
        this.twiml = new TwimlRun(exchange, this, request);
        this.machines = new MachineListener(exchange, sid, request);
        this.createdAt = time.now();
        this.updatedAt = createdAt;
        this.queuedNanos = time.nanoTime();
    }

    private void keep() {
        exchange.keep(record());
    }

    /** Its turn in the queue has come. */
    void dial() {
        if (status.over()) {
            return;
        }
        queueMillis = (time.nanoTime() - queuedNanos) / 1_000_000;
        startedAt = time.now();
        journal("call.dialled", Details.of("to", request.to(), "queueMillis", queueMillis));
        callbacks.fire(DialRequest.Event.INITIATED, "initiated", Map.of(), () -> {});
        timers.add(time.after(SETUP, this::ring));
    }

    /** It comes from a phone: what to do with it is asked while it rings. */
    void arrive() {
        startedAt = time.now();
        handset = exchange.phones().outgoing(request.from(), this);
        journal("call.arrived", Details.of("to", request.to(), "from", request.from()));
        to(CallStatus.RINGING);
        timers.add(time.after(SETUP, this::runTwiml));
    }

    /** The document wants to speak: that answers a call that came in. */
    void pickUp() {
        if (request.inbound()) {
            connect();
        }
    }

    private void ring() {
        if (status.over()) {
            return;
        }
        Handset phone = exchange.phones().incoming(request.to(), this);
        handset = phone;
        phone.ringing();
        if (status != CallStatus.QUEUED) {
            return;
        }
        to(CallStatus.RINGING);
        callbacks.fire(DialRequest.Event.RINGING, "ringing", Map.of(), this::rang);
        timers.add(time.after(Duration.ofSeconds(request.ringTimeoutSeconds()), () -> end(CallStatus.NO_ANSWER, 487)));
    }

    /** Runs {@code action} once the ringing was reported, or can no longer be. */
    void whenRang(Runnable action) {
        whenRang.add(action);
        if (status.over() || status == CallStatus.IN_PROGRESS) {
            rang();
        }
    }

    private void rang() {
        List<Runnable> actions = List.copyOf(whenRang);
        whenRang.clear();
        actions.forEach(Runnable::run);
    }

    private void to(CallStatus next) {
        status = next;
        updatedAt = time.now();
        journal("call.status", Details.of("status", next.text()));
    }

    // The phone's end.

    @Override
    public String callSid() {
        return sid;
    }

    @Override
    public String from() {
        return request.from();
    }

    @Override
    public void answer() {
        if (!request.inbound() && connect()) {
            machines.listen(handset().detection(), this::runTwiml, timers::add);
        }
    }

    private Handset handset() {
        if (handset == null) {
            throw new IllegalStateException("no phone has been reached yet");
        }
        return handset;
    }

    private boolean connect() {
        if (status != CallStatus.RINGING || handset == null) {
            return false;
        }
        cancelTimers();
        to(CallStatus.IN_PROGRESS);
        keep();
        answeredNanos = time.nanoTime();
        callbacks.fire(DialRequest.Event.ANSWERED, "in-progress", Map.of(), () -> {});
        handset.answered();
        CallMedia started = new CallMedia(time, handset);
        media = started;
        started.start();
        untilTheLimit();
        return true;
    }

    private void timeIsUp() {
        journal("call.time-limit", Details.of("seconds", timeLimitSeconds));
        end(CallStatus.COMPLETED, 200);
    }

    private void runTwiml() {
        if (request.url() != null) {
            twiml.fetch(request.url(), request.method(), machines.fields());
        } else if (request.twiml() != null) {
            twiml.inline(request.twiml());
        }
    }

    @Override
    public void reject(Rejection how) {
        switch (how) {
            case BUSY -> end(CallStatus.BUSY, 486);
            case DECLINED -> end(CallStatus.NO_ANSWER, 603);
            case UNREACHABLE -> end(CallStatus.FAILED, 404);
        }
    }

    @Override
    public void hangUp() {
        end(CallStatus.COMPLETED, 200);
    }

    @Override
    public void key(char digit) {
        if (media != null) {
            media.key(digit);
        }
    }

    // The customer's requests.

    /** {@code Status=canceled} or {@code completed}. */
    void stop(boolean evenIfAnswered) {
        if (status.over()) {
            throw notInProgress("Cannot redirect.");
        }
        if (status == CallStatus.IN_PROGRESS && !evenIfAnswered) {
            throw notInProgress("Cannot cancel.");
        }
        end(status == CallStatus.IN_PROGRESS ? CallStatus.COMPLETED : CallStatus.CANCELED, 487);
    }

    /** New TwiML for a call in progress; its stream ends. */
    void redirect(@Nullable String url, String method, @Nullable String document) {
        if (status != CallStatus.IN_PROGRESS || media == null) {
            throw notInProgress("Cannot redirect.");
        }
        journal("call.redirected", Details.of("url", url));
        twiml.cancel();
        media.detach();
        if (url != null) {
            twiml.fetch(url, method, Map.of());
        } else if (document != null) {
            twiml.inline(document);
        }
    }

    /** How long it may last, counted from its answer. */
    void limit(int seconds) {
        if (status.over()) {
            throw notInProgress("Cannot be limited.");
        }
        timeLimitSeconds = seconds;
        if (status == CallStatus.IN_PROGRESS) {
            untilTheLimit();
            journal("call.limited", Details.of("seconds", seconds));
        }
    }

    private void untilTheLimit() {
        timeLimit.cancel();
        timeLimit = time.at(answeredNanos + timeLimitSeconds * 1_000_000_000L, this::timeIsUp);
    }

    void reportTo(String url, String method) {
        callbacks.redirect(url, method);
    }

    /** For a call of an earlier process. */
    static TwilioError over() {
        return notInProgress("Cannot redirect.");
    }

    private static TwilioError notInProgress(String what) {
        return TwilioError.invalid(21220, "Invalid call state. Call is not in-progress. " + what);
    }

    /** Over, whatever the reason. Comes into effect once. */
    void end(CallStatus how, int sipCode) {
        if (status.over()) {
            return;
        }
        boolean answered = status == CallStatus.IN_PROGRESS;
        cancelTimers();
        twiml.cancel();
        to(how);
        endedAt = time.now();
        durationSeconds = answered ? Math.ceilDiv(time.nanoTime() - answeredNanos, 1_000_000_000L) : 0L;
        keep();
        if (media != null) {
            media.stop();
        }
        if (handset != null) {
            handset.ended(how.text());
        }
        journal("call.ended", Details.of("status", how.text(), "durationSeconds", durationSeconds));
        callbacks.fire(DialRequest.Event.COMPLETED, how.text(), terminalFields(sipCode), () -> {});
        rang();
        if (answered) {
            time.after(Duration.ofMillis(exchange.settings().priceDelayMillis()), this::fillPrice);
        }
    }

    private Map<String, String> terminalFields(int sipCode) {
        Map<String, String> fields = new LinkedHashMap<>();
        fields.put("CallDuration", String.valueOf(durationSeconds));
        fields.put("Duration", Long.toString(record().billedMinutes()));
        fields.put("SipResponseCode", Integer.toString(sipCode));
        fields.putAll(machines.fields());
        return fields;
    }

    private void fillPrice() {
        long minutes = record().billedMinutes();
        priceUsd = exchange.settings().perMinuteUsd(request.inbound()).multiply(BigDecimal.valueOf(minutes));
        keep();
        journal("call.priced", Details.of("priceUsd", priceUsd.toPlainString(), "billedMinutes", minutes));
    }

    private void cancelTimers() {
        timers.forEach(SimTime.Timer::cancel);
        timers.clear();
        timeLimit.cancel();
    }

    // The stream's end.

    @Override
    public String accountSid() {
        return exchange.settings().accountSid();
    }

    @Override
    public String number() {
        return request.phone();
    }

    @Override
    public void journal(String kind, Map<String, Object> detail) {
        exchange.journal(sid, kind, detail);
    }

    @Override
    public void cleared(boolean somethingDropped) {
        if (handset != null) {
            handset.playbackCleared(somethingDropped);
        }
    }

    @Override
    public void streamEvent(Verb.ConnectStream stream, String streamSid, String event, @Nullable String error) {
        if (stream.statusCallback() == null) {
            return;
        }
        Map<String, String> form = CallForm.ofStream(this, stream, streamSid, event, error, time.now());
        exchange.webhooks()
                .send(
                        new Webhooks.Request(stream.statusCallback(), stream.statusCallbackMethod(), form, null),
                        result -> {});
    }

    @Override
    public void ended(MediaLeg.End how) {
        if (!status.over()) {
            twiml.streamEnded(how);
        }
    }

    CallMedia media() {
        if (media == null) {
            throw new IllegalStateException("TwiML runs only on an answered call");
        }
        return media;
    }

    // What others see.

    CallStatus status() {
        return status;
    }

    DialRequest request() {
        return request;
    }

    CallRecord record() {
        return new CallRecord(
                sid,
                accountSid(),
                request.to(),
                request.from(),
                request.inbound(),
                status,
                createdAt,
                updatedAt,
                startedAt,
                endedAt,
                queueMillis,
                durationSeconds,
                priceUsd,
                machines.answeredBy());
    }
}
