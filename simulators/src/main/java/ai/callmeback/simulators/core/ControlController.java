package ai.callmeback.simulators.core;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.http.codec.ServerSentEvent;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.server.ResponseStatusException;
import reactor.core.publisher.BufferOverflowStrategy;
import reactor.core.publisher.Flux;
import reactor.core.publisher.FluxSink;
import reactor.core.publisher.Mono;

/** Reading the journal, setting faults, starting afresh: for tests, the demo and the outbox page; no vendor has this. */
@RestController
@RequestMapping("/control")
class ControlController {
    /** Keeps idle event streams open through proxies and shows a reader that we live. */
    private static final Duration KEEP_ALIVE = Duration.ofSeconds(15);

    /** How far a reader of events may fall behind. */
    private static final int MAX_BEHIND = 200_000;

    private final Journal journal;
    private final Faults faults;
    private final List<Resettable> resettables;
    private final SimTime time;

    ControlController(Journal journal, Faults faults, List<Resettable> resettables, SimTime time) {
        this.time = time;
        this.journal = journal;
        this.faults = faults;
        this.resettables = resettables;
    }

    /** {@code lastSeq} is that of the newest entry of all, whether it matches or not. */
    record JournalPage(List<JournalEntry> entries, long dropped, long lastSeq) {}

    @GetMapping("/journal")
    JournalPage journal(
            @RequestParam(required = false) @Nullable String vendor,
            @RequestParam(required = false) @Nullable String call,
            @RequestParam(required = false) @Nullable String kind,
            @RequestParam(defaultValue = "0") long since,
            @RequestParam(defaultValue = "10000") int limit) {
        return new JournalPage(
                journal.read(new JournalQuery(vendor, call, kind, since, limit)), journal.dropped(), journal.lastSeq());
    }

    /**
     * Journal entries as they happen; starts after {@code since} or {@code Last-Event-ID}, or now if neither is given.
     * Events are named by their kind, or not at all if {@code plain}, for readers that want them all in one place.
     */
    @GetMapping(path = "/events", produces = MediaType.TEXT_EVENT_STREAM_VALUE)
    Flux<ServerSentEvent<JournalEntry>> events(
            @RequestParam(required = false) @Nullable String vendor,
            @RequestParam(required = false) @Nullable String call,
            @RequestParam(required = false) @Nullable Long since,
            @RequestParam(defaultValue = "false") boolean plain,
            @RequestHeader(name = "Last-Event-ID", required = false) @Nullable Long lastEventId) {
        Long from = lastEventId != null ? lastEventId : since;
        JournalQuery query = new JournalQuery(vendor, call, null, from == null ? 0 : from, Integer.MAX_VALUE);
        Flux<ServerSentEvent<JournalEntry>> entries = Flux.<JournalEntry>create(
                        sink -> follow(sink, query, from != null), FluxSink.OverflowStrategy.IGNORE)
                // A reader that is slower than the journal loses the oldest it has not read, as the journal itself
                // would.
                .onBackpressureBuffer(MAX_BEHIND, lost -> {}, BufferOverflowStrategy.DROP_OLDEST)
                .map(entry -> event(entry, plain));
        Flux<ServerSentEvent<JournalEntry>> keepAlive = Flux.interval(Duration.ZERO, KEEP_ALIVE)
                .map(tick ->
                        ServerSentEvent.<JournalEntry>builder().comment("here").build());
        return Flux.merge(keepAlive, entries);
    }

    private static ServerSentEvent<JournalEntry> event(JournalEntry entry, boolean plain) {
        ServerSentEvent.Builder<JournalEntry> event =
                ServerSentEvent.builder(entry).id(Long.toString(entry.seq()));
        return (plain ? event : event.event(entry.kind())).build();
    }

    private void follow(FluxSink<JournalEntry> sink, JournalQuery query, boolean replay) {
        Follower follower = new Follower(sink, query);
        AutoCloseable listening = journal.listen(follower::live);
        sink.onDispose(() -> {
            try {
                listening.close();
            } catch (Exception e) {
                throw new IllegalStateException(e);
            }
        });
        follower.start(replay ? journal.read(query) : List.of());
    }

    /** Joins the entries read back to those that arrived meanwhile, each once and in order. */
    private static final class Follower {
        private final FluxSink<JournalEntry> sink;
        private final JournalQuery query;
        private final List<JournalEntry> early = new ArrayList<>();
        private boolean started;
        private long lastSeq;

        Follower(FluxSink<JournalEntry> sink, JournalQuery query) {
            this.sink = sink;
            this.query = query;
        }

        synchronized void start(List<JournalEntry> past) {
            past.forEach(this::emit);
            early.forEach(this::emit);
            early.clear();
            started = true;
        }

        synchronized void live(JournalEntry entry) {
            if (!query.matches(entry)) {
                return;
            }
            if (started) {
                emit(entry);
            } else {
                early.add(entry);
            }
        }

        private void emit(JournalEntry entry) {
            if (entry.seq() > lastSeq) {
                lastSeq = entry.seq();
                sink.next(entry);
            }
        }
    }

    /** Absent numbers mean 0; an absent count means once, a negative one until cleared. */
    record FaultRequest(
            String vendor,
            @Nullable String operation,
            @Nullable String target,
            FaultKind kind,
            @Nullable Long delayMillis,
            @Nullable Integer closeCode,
            @Nullable Integer httpStatus,
            @Nullable Integer errorCode,
            @Nullable Integer count) {

        Fault toFault() {
            return new Fault(
                    "",
                    vendor,
                    operation == null ? "*" : operation,
                    target,
                    kind,
                    delayMillis == null ? 0 : delayMillis,
                    closeCode == null ? 0 : closeCode,
                    httpStatus == null ? 400 : httpStatus,
                    errorCode == null ? 0 : errorCode,
                    count == null ? 1 : count);
        }
    }

    @PostMapping("/faults")
    @ResponseStatus(HttpStatus.CREATED)
    Fault setFault(@RequestBody FaultRequest request) {
        return faults.set(request.toFault());
    }

    @GetMapping("/faults")
    List<Fault> faults() {
        return faults.list();
    }

    @DeleteMapping("/faults")
    @ResponseStatus(HttpStatus.NO_CONTENT)
    void clearFaults() {
        faults.clearAll();
    }

    @DeleteMapping("/faults/{id}")
    @ResponseStatus(HttpStatus.NO_CONTENT)
    void clearFault(@PathVariable String id) {
        if (!faults.clear(id)) {
            throw new ResponseStatusException(HttpStatus.NOT_FOUND, "no fault " + id + " is set");
        }
    }

    /** Hangs up what is open, clears faults and journal, puts phones and accounts back to their defaults. */
    @PostMapping("/reset")
    @ResponseStatus(HttpStatus.NO_CONTENT)
    Mono<Void> reset() {
        faults.clearAll();
        resettables.forEach(Resettable::reset);
        // Behind whatever the resets themselves have put on the thread.
        return Confined.run(time, journal::clear);
    }
}
