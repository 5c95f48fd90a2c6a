package ai.callmeback.simulators.twilio;

import ai.callmeback.simulators.core.Details;
import ai.callmeback.simulators.core.Faults;
import ai.callmeback.simulators.core.Journal;
import ai.callmeback.simulators.core.Resettable;
import ai.callmeback.simulators.core.SimTime;
import ai.callmeback.simulators.phone.PhoneBook;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** The telephone exchange: takes calls, dials them at the account's rate, and knows them all. On the simulators' thread. */
final class Exchange implements Resettable {
    static final String VENDOR = "twilio";
    static final String API_VERSION = "2010-04-01";

    /** Finished calls beyond this are forgotten, oldest first. */
    private static final int MAX_CALLS = 50_000;

    private final SimTime time;
    private final Journal journal;
    private final Faults faults;
    private final PhoneBook phones;
    private final Webhooks webhooks;
    private final MediaSockets sockets;
    private final Sids sids;
    private final CallMemory memory;
    private final TwilioSettings initialSettings;
    private final Map<String, Call> calls = new LinkedHashMap<>();
    /** Calls of an earlier process, oldest first. */
    private final Map<String, CallRecord> past = new LinkedHashMap<>();

    private final Map<String, String> numbers = new ConcurrentHashMap<>();
    private volatile TwilioSettings settings;
    private long nextDialNanos;

    Exchange(
            SimTime time,
            Journal journal,
            Faults faults,
            PhoneBook phones,
            Webhooks webhooks,
            MediaSockets sockets,
            Sids sids,
            CallMemory memory,
            TwilioSettings settings) {
        this.time = time;
        this.journal = journal;
        this.faults = faults;
        this.phones = phones;
        this.webhooks = webhooks;
        this.sockets = sockets;
        this.sids = sids;
        this.memory = memory;
        this.initialSettings = settings;
        this.settings = settings;
        this.nextDialNanos = time.nanoTime();
        for (CallRecord found : memory.found()) {
            if (found.accountSid().equals(settings.accountSid())) {
                past.put(found.sid(), found.afterRestart(settings));
            }
        }
    }

    /** Queues a call. It is dialled after those before it, at the account's calls per second. */
    Call create(DialRequest request) {
        forgetOldest();
        Call call = new Call(this, sids.next("CA"), request);
        calls.put(call.callSid(), call);
        numbers.put(call.callSid(), request.to());
        keep(call.record());
        journal(
                call.callSid(),
                "call.created",
                Details.of("to", request.to(), "from", request.from(), "timeLimitSeconds", request.timeLimitSeconds()));
        long atNanos = Math.max(time.nanoTime(), nextDialNanos);
        nextDialNanos = atNanos + (long) (1_000_000_000L / settings.callsPerSecond());
        time.at(atNanos, call::dial);
        return call;
    }

    /** A phone rings a number of the account; fails if the phone is on a call. */
    Call receive(DialRequest request) {
        forgetOldest();
        Call call = new Call(this, sids.next("CA"), request);
        call.arrive();
        calls.put(call.callSid(), call);
        numbers.put(call.callSid(), request.phone());
        keep(call.record());
        return call;
    }

    private void forgetOldest() {
        if (calls.size() < MAX_CALLS) {
            return;
        }
        for (Call call : List.copyOf(calls.values())) {
            if (call.status().over()) {
                forget(call.callSid());
                return;
            }
        }
        throw new TwilioError(429, 20429, "Too many calls are open");
    }

    /** A call this process has made, which can still be told things. */
    Optional<Call> find(String sid) {
        return Optional.ofNullable(calls.get(sid));
    }

    Optional<CallRecord> record(String sid) {
        return find(sid).map(Call::record).or(() -> Optional.ofNullable(past.get(sid)));
    }

    /** A price that comes after a reset is nobody's. */
    void keep(CallRecord call) {
        if (calls.containsKey(call.sid())) {
            memory.keep(call);
        }
    }

    boolean forget(String sid) {
        numbers.remove(sid);
        memory.forget(sid);
        boolean made = calls.remove(sid) != null;
        return past.remove(sid) != null || made;
    }

    /** The number of the phone, for faults meant for one number; readable on any thread. */
    @Nullable
    String numberOf(String sid) {
        return numbers.get(sid);
    }

    /** Every call, newest first. */
    List<CallRecord> newestFirst() {
        List<CallRecord> all = new ArrayList<>(past.values());
        calls.values().forEach(call -> all.add(call.record()));
        return all.reversed();
    }

    void journal(String callSid, String kind, Map<String, Object> detail) {
        journal.append(VENDOR, callSid, kind, detail);
    }

    SimTime time() {
        return time;
    }

    Faults faults() {
        return faults;
    }

    PhoneBook phones() {
        return phones;
    }

    Webhooks webhooks() {
        return webhooks;
    }

    MediaSockets sockets() {
        return sockets;
    }

    Sids sids() {
        return sids;
    }

    /** Readable on any thread. */
    TwilioSettings settings() {
        return settings;
    }

    void configure(TwilioSettings newSettings) {
        settings = newSettings;
    }

    @Override
    public void reset() {
        time.execute(() -> {
            List.copyOf(calls.values()).forEach(call -> call.end(CallStatus.FAILED, 503));
            calls.clear();
            past.clear();
            memory.forgetAll();
            numbers.clear();
            settings = initialSettings;
            nextDialNanos = time.nanoTime();
        });
    }
}
