package ai.callmeback.api.call;

import ai.callmeback.api.auth.Caller;
import ai.callmeback.api.auth.CurrentCaller;
import ai.callmeback.api.problem.FieldProblem;
import ai.callmeback.api.problem.MayAnswer;
import ai.callmeback.api.problem.ProblemCode;
import ai.callmeback.api.problem.ProblemException;
import ai.callmeback.api.web.Checks;
import ai.callmeback.db.call.CallRecord;
import ai.callmeback.db.call.CallStore;
import ai.callmeback.domain.CallId;
import com.fasterxml.jackson.annotation.JsonInclude;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.Parameter;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.tags.Tag;
import java.net.URI;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;
import reactor.core.publisher.Mono;

/** Calls of the caller. Every look-up names the owner: another's call is 404, the same as none. */
@RestController
@RequestMapping("/api/calls")
@Tag(name = "Calls")
class CallController {
    private static final int MAX_PAGE = 100;

    private final Booking booking;
    private final CallStore calls;
    private final CallViews views;
    private final CallActions actions;

    CallController(Booking booking, CallStore calls, CallViews views, CallActions actions) {
        this.booking = booking;
        this.calls = calls;
        this.views = views;
        this.actions = actions;
    }

    @Schema(name = "Calls")
    @JsonInclude(JsonInclude.Include.NON_NULL)
    record CallsView(
            List<CallView> calls,

            @Schema(description = "For the next page; absent on the last.") @Nullable
            String nextCursor) {}

    @Schema(name = "Reschedule")
    record RescheduleRequest(
            @Nullable String scheduledFor, @Nullable String timeZone) {}

    @Schema(name = "Extend")
    record ExtendRequest(@Nullable Integer minutes) {}

    @PostMapping
    @Operation(
            operationId = "createCall",
            summary = "Be called, now or later",
            description =
                    "Answers 202 once the promise is kept in the database. With an Idempotency-Key a repeat of the"
                            + " same request answers the same call; another request under the same key is a conflict.")
    @MayAnswer({
        ProblemCode.UNKNOWN_PERSONA,
        ProblemCode.INVALID_NUMBER,
        ProblemCode.COUNTRY_NOT_ALLOWED,
        ProblemCode.NUMBER_TYPE_NOT_ALLOWED,
        ProblemCode.INVALID_DURATION,
        ProblemCode.PRETEXT_TOO_LONG,
        ProblemCode.TEXT_NOT_UNICODE,
        ProblemCode.UNKNOWN_TIME_ZONE,
        ProblemCode.INVALID_LOCAL_TIME,
        ProblemCode.PAST_TIME,
        ProblemCode.TOO_FAR_AHEAD,
        ProblemCode.INVALID_CALLBACK_POLICY,
        ProblemCode.IDEMPOTENCY_KEY_INVALID,
        ProblemCode.IDEMPOTENCY_CONFLICT,
        ProblemCode.INSUFFICIENT_CREDIT
    })
    Mono<ResponseEntity<CallView>> create(
            @RequestBody NewCallRequest body,
            @Parameter(description = "1 to 255 visible ASCII characters")
                    @RequestHeader(name = "Idempotency-Key", required = false)
                    @Nullable
                    String idempotencyKey,
            @CurrentCaller Caller caller) {
        return booking.book(body, idempotencyKey, caller.user())
                .flatMap(id -> owned(caller, id))
                .flatMap(views::full)
                .map(view -> ResponseEntity.accepted()
                        .location(URI.create("/api/calls/" + view.id()))
                        .body(view));
    }

    @GetMapping
    @Operation(operationId = "listCalls", summary = "The caller's calls, newest first")
    @MayAnswer({ProblemCode.LIMIT_OUT_OF_RANGE, ProblemCode.CURSOR_INVALID})
    Mono<CallsView> list(
            @RequestParam(defaultValue = "20") int limit,
            @RequestParam(required = false) @Nullable String cursor,
            @CurrentCaller Caller caller) {
        Checks.pageLimit(limit, MAX_PAGE);
        // One more than asked for tells whether there is another page.
        return calls.list(caller.id(), cursor(cursor), limit + 1)
                .map(CallViews::brief)
                .collectList()
                .map(all -> all.size() <= limit
                        ? new CallsView(all, null)
                        : new CallsView(
                                all.subList(0, limit), all.get(limit - 1).id()));
    }

    private static @Nullable CallId cursor(@Nullable String text) {
        if (text == null || text.isEmpty()) {
            return null;
        }
        try {
            return CallId.parse(text);
        } catch (IllegalArgumentException e) {
            throw ProblemException.ofField(
                    FieldProblem.of("cursor", ProblemCode.CURSOR_INVALID, "Use the nextCursor of a page as it was."));
        }
    }

    @GetMapping("/{id}")
    @Operation(operationId = "getCall", summary = "One call, with transcript, settlement and costs")
    Mono<CallView> get(@PathVariable String id, @CurrentCaller Caller caller) {
        return owned(caller, id).flatMap(views::full);
    }

    @PostMapping("/{id}/cancel")
    @Operation(operationId = "cancelCall", summary = "Withdraw a call that has not been answered")
    @MayAnswer({ProblemCode.CALL_STATE_CONFLICT, ProblemCode.WORKFLOW_UNAVAILABLE})
    Mono<CallView> cancel(@PathVariable String id, @CurrentCaller Caller caller) {
        return owned(caller, id).flatMap(call -> actions.cancel(call).then(again(caller, call)));
    }

    @PostMapping("/{id}/reschedule")
    @Operation(operationId = "rescheduleCall", summary = "Move a call that is not yet due")
    @MayAnswer({
        ProblemCode.UNKNOWN_TIME_ZONE,
        ProblemCode.INVALID_LOCAL_TIME,
        ProblemCode.PAST_TIME,
        ProblemCode.TOO_FAR_AHEAD,
        ProblemCode.CALL_STATE_CONFLICT,
        ProblemCode.WORKFLOW_UNAVAILABLE
    })
    Mono<CallView> reschedule(
            @PathVariable String id, @RequestBody RescheduleRequest body, @CurrentCaller Caller caller) {
        return owned(caller, id)
                .flatMap(call -> actions.reschedule(call, body.scheduledFor(), body.timeZone())
                        .then(again(caller, call)));
    }

    @PostMapping("/{id}/hang-up")
    @Operation(operationId = "hangUpCall", summary = "End the talk")
    @MayAnswer({ProblemCode.CALL_STATE_CONFLICT, ProblemCode.WORKFLOW_UNAVAILABLE})
    Mono<CallView> hangUp(@PathVariable String id, @CurrentCaller Caller caller) {
        return owned(caller, id).flatMap(call -> actions.hangUp(call).then(again(caller, call)));
    }

    @PostMapping("/{id}/extend")
    @Operation(
            operationId = "extendCall",
            summary = "Talk longer than planned",
            description = "Holds the credit for the further minutes.")
    @MayAnswer({
        ProblemCode.MINUTES_OUT_OF_RANGE,
        ProblemCode.CALL_STATE_CONFLICT,
        ProblemCode.INSUFFICIENT_CREDIT,
        ProblemCode.WORKFLOW_UNAVAILABLE
    })
    Mono<CallView> extend(
            @PathVariable String id,
            @RequestBody ExtendRequest body,
            @RequestHeader(name = "Idempotency-Key", required = false) @Nullable String idempotencyKey,
            @CurrentCaller Caller caller) {
        return owned(caller, id)
                .flatMap(call ->
                        actions.extend(call, body.minutes(), idempotencyKey).then(again(caller, call)));
    }

    private Mono<CallView> again(Caller caller, CallRecord call) {
        return Mono.defer(() -> owned(caller, call.id())).flatMap(views::full);
    }

    private Mono<CallRecord> owned(Caller caller, String id) {
        try {
            return owned(caller, CallId.parse(id));
        } catch (IllegalArgumentException e) {
            return Mono.error(ProblemException.notFound("call"));
        }
    }

    private Mono<CallRecord> owned(Caller caller, CallId id) {
        return calls.findOwned(caller.id(), id).switchIfEmpty(Mono.error(() -> ProblemException.notFound("call")));
    }
}
