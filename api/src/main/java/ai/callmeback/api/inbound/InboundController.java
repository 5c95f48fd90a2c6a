package ai.callmeback.api.inbound;

import ai.callmeback.api.auth.Caller;
import ai.callmeback.api.auth.CurrentCaller;
import ai.callmeback.api.problem.FieldProblem;
import ai.callmeback.api.problem.MayAnswer;
import ai.callmeback.api.problem.ProblemCode;
import ai.callmeback.api.problem.ProblemException;
import ai.callmeback.api.web.Checks;
import ai.callmeback.db.inbound.InboundDesk;
import ai.callmeback.domain.E164;
import ai.callmeback.domain.IdSource;
import com.fasterxml.jackson.annotation.JsonInclude;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.tags.Tag;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.http.HttpStatus;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;
import reactor.core.publisher.Mono;

/** Operators see who rang, as hashes, and turn callers away. Roles are checked before anything here runs. */
@RestController
@RequestMapping("/api/operator")
@Tag(name = "Operators")
class InboundController {
    private static final Logger log = LoggerFactory.getLogger(InboundController.class);
    private static final int MAX_PAGE = 200;
    private static final int MAX_REASON_LENGTH = 200;
    private static final int MAX_NUMBER_LENGTH = 32;

    private final InboundDesk desk;
    private final CallerHash hash;
    private final InboundSettings settings;
    private final IdSource ids;
    private final Clock clock;

    InboundController(InboundDesk desk, CallerHash hash, InboundSettings settings, IdSource ids, Clock clock) {
        this.desk = desk;
        this.hash = hash;
        this.settings = settings;
        this.ids = ids;
        this.clock = clock;
    }

    @Schema(name = "InboundCall")
    @JsonInclude(JsonInclude.Include.NON_NULL)
    record CallView(
            String callSid,
            @Nullable String personaId,
            @Nullable String caller,
            String outcome,
            boolean free,
            @Nullable String callId,
            Instant at) {
        static CallView of(InboundDesk.Entry entry) {
            return new CallView(
                    entry.callSid(),
                    entry.personaId(),
                    entry.caller(),
                    entry.outcome(),
                    entry.free(),
                    entry.callId() == null ? null : entry.callId().toString(),
                    entry.at());
        }
    }

    @Schema(name = "InboundCount")
    record CountView(String outcome, boolean free, long calls) {}

    @Schema(name = "InboundCalls")
    record InboundView(int freeCallsPerDay, List<CountView> today, List<CallView> calls) {}

    @Schema(name = "BlockedCaller")
    record BlockedView(String id, String caller, String reason, String blockedBy, Instant blockedAt) {
        static BlockedView of(InboundDesk.Blocked blocked) {
            return new BlockedView(
                    blocked.id().toString(), blocked.caller(), blocked.reason(), blocked.blockedBy(), blocked.at());
        }
    }

    @Schema(name = "BlockedCallers")
    record BlockedList(List<BlockedView> blockedCallers) {}

    /** One of the two says who. */
    @Schema(name = "BlockCaller")
    record BlockRequest(
            @Nullable String phoneNumber,
            @Nullable String callSid,
            @Nullable String reason) {}

    @GetMapping("/inbound-calls")
    @Operation(
            operationId = "listInboundCalls",
            summary = "Who rang, and what became of it",
            description = "Callers are told apart by a hash.")
    @MayAnswer({ProblemCode.LIMIT_OUT_OF_RANGE})
    Mono<InboundView> calls(@RequestParam(defaultValue = "50") int limit) {
        Checks.pageLimit(limit, MAX_PAGE);
        return desk.today(clock.instant())
                .map(count -> new CountView(count.outcome(), count.free(), count.calls()))
                .collectList()
                .zipWith(desk.latest(limit).map(CallView::of).collectList())
                .map(both -> new InboundView(settings.freeCallsPerDay(), both.getT1(), both.getT2()));
    }

    @GetMapping("/blocked-callers")
    @Operation(operationId = "listBlockedCallers", summary = "Callers that are turned away")
    Mono<BlockedList> blocked() {
        return desk.blocked(MAX_PAGE).map(BlockedView::of).collectList().map(BlockedList::new);
    }

    @PostMapping("/blocked-callers")
    @ResponseStatus(HttpStatus.CREATED)
    @Operation(
            operationId = "blockCaller",
            summary = "Turn a caller away from now on",
            description = "By number, or by a call it made.")
    @MayAnswer({
        ProblemCode.FIELD_REQUIRED,
        ProblemCode.INVALID_NUMBER,
        ProblemCode.TEXT_TOO_LONG,
        ProblemCode.TEXT_NOT_UNICODE,
        ProblemCode.NOT_FOUND
    })
    Mono<BlockedView> block(@RequestBody BlockRequest body, @CurrentCaller Caller caller) {
        Checks checks = new Checks();
        String reason = checks.optionalText("reason", body.reason(), MAX_REASON_LENGTH, ProblemCode.TEXT_TOO_LONG);
        if ((body.phoneNumber() == null) == (body.callSid() == null)) {
            checks.reject("phoneNumber", ProblemCode.FIELD_REQUIRED, "Name a phoneNumber, or the callSid of a call.");
        }
        checks.done();
        UUID id = ids.get();
        String by = caller.user().pseudonym();
        return hashOf(body)
                .flatMap(number -> desk.block(id, number, reason, by, clock.instant()))
                .map(blocked -> {
                    log.warn("caller {} blocked by {}", blocked.caller(), by);
                    return BlockedView.of(blocked);
                });
    }

    private Mono<byte[]> hashOf(BlockRequest body) {
        if (body.callSid() != null) {
            return (Checks.storable(body.callSid()) ? desk.callerOf(body.callSid()) : Mono.<byte[]>empty())
                    .switchIfEmpty(Mono.error(ProblemException.notFound("call")));
        }
        String text = String.valueOf(body.phoneNumber());
        return E164.parse(text.length() > MAX_NUMBER_LENGTH ? "" : text, null)
                .map(hash::of)
                .map(Mono::just)
                .orElseThrow(() -> ProblemException.ofField(FieldProblem.of(
                        "phoneNumber",
                        ProblemCode.INVALID_NUMBER,
                        "'phoneNumber' is not a phone number with country code.")));
    }

    @DeleteMapping("/blocked-callers/{id}")
    @ResponseStatus(HttpStatus.NO_CONTENT)
    @Operation(operationId = "unblockCaller", summary = "Let a caller in again")
    Mono<Void> unblock(@PathVariable String id, @CurrentCaller Caller caller) {
        return desk.unblock(parsed(id)).flatMap(gone -> {
            if (!gone) {
                return Mono.error(ProblemException.notFound("blocked caller"));
            }
            log.warn("blocked caller {} let in again by {}", id, caller.user().pseudonym());
            return Mono.empty();
        });
    }

    private static UUID parsed(String id) {
        try {
            return UUID.fromString(id);
        } catch (IllegalArgumentException e) {
            throw ProblemException.notFound("blocked caller");
        }
    }
}
