package ai.callmeback.api.call;

import ai.callmeback.api.auth.Caller;
import ai.callmeback.api.auth.CurrentCaller;
import ai.callmeback.api.auth.LiveCredentials;
import ai.callmeback.api.problem.FieldProblem;
import ai.callmeback.api.problem.MayAnswer;
import ai.callmeback.api.problem.ProblemCode;
import ai.callmeback.api.problem.ProblemException;
import ai.callmeback.api.settings.ApiSettings;
import ai.callmeback.db.call.CallEvent;
import ai.callmeback.db.call.CallEvents;
import ai.callmeback.db.call.CallRecord;
import ai.callmeback.db.call.CallStore;
import ai.callmeback.domain.CallId;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.tags.Tag;
import java.time.Clock;
import java.time.Duration;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.http.MediaType;
import org.springframework.http.codec.ServerSentEvent;
import org.springframework.http.server.reactive.ServerHttpResponse;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * A call as it happens. Each event has the call's own sequence as its id, so a stream that broke goes on where it was:
 * nothing is lost, nothing comes twice. A quiet stream sends a comment every heartbeat. It ends with an {@code end} event
 * when the call is over and all is told, and without one when the credential ends: before anything is sent, and at every
 * heartbeat, the database is asked whether the token or the key is still good.
 */
@RestController
@Tag(name = "Calls")
class CallEventController {
    private static final int PAGE = 200;
    private static final Duration RECONNECT = Duration.ofSeconds(2);
    private static final Duration LONGEST = Duration.ofHours(1);

    private final CallStore calls;
    private final CallEvents events;
    private final CallEventHub hub;
    private final StreamSlots slots;
    private final LiveCredentials credentials;
    private final ApiSettings settings;
    private final JsonMapper json;
    private final Clock clock;

    CallEventController(
            CallStore calls,
            CallEvents events,
            CallEventHub hub,
            StreamSlots slots,
            LiveCredentials credentials,
            ApiSettings settings,
            JsonMapper json,
            Clock clock) {
        this.calls = calls;
        this.events = events;
        this.hub = hub;
        this.slots = slots;
        this.credentials = credentials;
        this.settings = settings;
        this.json = json;
        this.clock = clock;
    }

    @GetMapping(value = "/api/calls/{id}/events", produces = MediaType.TEXT_EVENT_STREAM_VALUE)
    @Operation(
            operationId = "streamCallEvents",
            summary = "The call as it happens (server-sent events)",
            description =
                    "Events: status, turn, usage, notice, end. With Last-Event-ID (or ?lastEventId=) only what came"
                            + " after it; without, all from the beginning.")
    @MayAnswer({ProblemCode.EVENT_ID_INVALID, ProblemCode.TOO_MANY_STREAMS})
    Flux<ServerSentEvent<String>> stream(
            @PathVariable String id,
            @RequestHeader(name = "Last-Event-ID", required = false) @Nullable String lastEventId,
            @RequestParam(name = "lastEventId", required = false) @Nullable String lastEventIdParameter,
            @CurrentCaller Caller caller,
            ServerHttpResponse response) {
        int after = sequence(lastEventId == null ? lastEventIdParameter : lastEventId);
        return owned(caller, id).flatMapMany(call -> {
            response.getHeaders().setCacheControl("no-store");
            response.getHeaders().set("X-Accel-Buffering", "no");
            slots.take(caller.id());
            return new Stream(caller, call.id(), Math.min(after, call.lastEventSeq()))
                    .run()
                    .doFinally(end -> slots.giveBack(caller.id()));
        });
    }

    private Mono<CallRecord> owned(Caller caller, String id) {
        return Mono.fromCallable(() -> CallId.parse(id))
                .onErrorComplete(IllegalArgumentException.class)
                .flatMap(callId -> calls.findOwned(caller.id(), callId))
                .switchIfEmpty(Mono.error(() -> ProblemException.notFound("call")));
    }

    private static int sequence(@Nullable String text) {
        if (text == null || text.isBlank()) {
            return 0;
        }
        try {
            int sequence = Integer.parseInt(text.strip());
            if (sequence >= 0) {
                return sequence;
            }
        } catch (NumberFormatException e) {
            // Answered below, as any other id that is none of ours.
        }
        throw ProblemException.ofField(FieldProblem.of(
                "Last-Event-ID",
                ProblemCode.EVENT_ID_INVALID,
                "Use the id of an event of this call, or leave it out."));
    }

    /** One open stream. Its fields are touched by one {@code concatMap} only. */
    private final class Stream {
        private final Caller caller;
        private final CallId call;
        private int last;
        private boolean over;

        Stream(Caller caller, CallId call, int after) {
            this.caller = caller;
            this.call = call;
            this.last = after;
        }

        Flux<ServerSentEvent<String>> run() {
            Flux<Boolean> beats = Flux.interval(settings.eventHeartbeat())
                    .onBackpressureLatest()
                    .map(n -> false);
            ServerSentEvent<String> open = ServerSentEvent.<String>builder()
                    .comment("open")
                    .retry(RECONNECT)
                    .build();
            return Flux.merge(hub.wakeUps(call).startWith(true), beats)
                    .onBackpressureLatest()
                    .concatMap(wake -> credentials.stillGood(caller).flatMapMany(good -> tell(good, wake)), 1)
                    .startWith(open)
                    .takeUntil(event -> over)
                    .take(longest());
        }

        private Duration longest() {
            Duration left = caller.expiresAt()
                    .map(end -> Duration.between(clock.instant(), end))
                    .orElse(LONGEST);
            return left.compareTo(LONGEST) < 0 ? left : LONGEST;
        }

        /** What is new since the last one sent, then the end if that was all there will ever be. */
        private Flux<ServerSentEvent<String>> news() {
            return page().map(this::toServerSent).concatWith(Mono.defer(this::endIfOver));
        }

        private Flux<CallEvent> page() {
            return Flux.defer(() -> {
                int before = last;
                return events.since(call, before, PAGE)
                        .doOnNext(event -> last = event.sequence())
                        .concatWith(Flux.defer(() -> last - before >= PAGE ? page() : Flux.empty()));
            });
        }

        private Mono<ServerSentEvent<String>> endIfOver() {
            return calls.find(call)
                    .filter(row -> row.status().isTerminal() && row.lastEventSeq() <= last)
                    .map(row -> {
                        over = true;
                        String status = CallViews.wire(row.status());
                        return ServerSentEvent.<String>builder()
                                .event("end")
                                .data("{\"status\":\"" + status + "\"}")
                                .build();
                    });
        }

        /** On a beat there is nothing new, or a notification was lost. */
        private Flux<ServerSentEvent<String>> tell(boolean good, boolean wake) {
            if (!good) {
                over = true;
                return Flux.just(comment("credential ended"));
            }
            return wake ? news() : news().switchIfEmpty(Mono.just(comment("heartbeat")));
        }

        private ServerSentEvent<String> comment(String text) {
            return ServerSentEvent.<String>builder().comment(text).build();
        }

        private ServerSentEvent<String> toServerSent(CallEvent event) {
            ObjectNode data = (ObjectNode) json.readTree(event.dataJson());
            Optional.ofNullable(data.get("status"))
                    .map(JsonNode::asString)
                    .ifPresent(status -> data.put("status", status.toLowerCase(Locale.ROOT)));
            data.put("seq", event.sequence());
            data.put("at", event.at().toString());
            return ServerSentEvent.<String>builder()
                    .id(Integer.toString(event.sequence()))
                    .event(event.kind())
                    .data(json.writeValueAsString(data))
                    .build();
        }
    }
}
