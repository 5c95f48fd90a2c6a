package ai.callmeback.api.finance;

import ai.callmeback.api.auth.Caller;
import ai.callmeback.api.auth.CurrentCaller;
import ai.callmeback.api.problem.FieldProblem;
import ai.callmeback.api.problem.MayAnswer;
import ai.callmeback.api.problem.ProblemCode;
import ai.callmeback.api.problem.ProblemException;
import ai.callmeback.api.web.Checks;
import ai.callmeback.db.purchase.MoneyCase;
import ai.callmeback.db.purchase.MoneyCases;
import com.fasterxml.jackson.annotation.JsonInclude;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.tags.Tag;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;
import reactor.core.publisher.Mono;

/** What could not be booked by itself. A case is closed by a person, in words, once. */
@RestController
@RequestMapping("/api/finance/cases")
@Tag(name = "Finance")
class CaseController {
    private static final Logger log = LoggerFactory.getLogger(CaseController.class);
    private static final int MAX_PAGE = 100;
    private static final int MAX_WORDS = 1_000;
    private static final List<String> STATES = List.of("open", "closed");

    private final MoneyCases cases;
    private final Clock clock;

    CaseController(MoneyCases cases, Clock clock) {
        this.cases = cases;
        this.clock = clock;
    }

    @Schema(name = "MoneyCase", description = "Something about money that a person must look at")
    @JsonInclude(JsonInclude.Include.NON_NULL)
    record View(
            String id,
            String kind,
            String subject,
            String detail,
            String state,
            String owner,
            Instant openedAt,
            @Nullable Instant closedAt,
            @Nullable String resolution) {
        static View of(MoneyCase found) {
            return new View(
                    Long.toString(found.id()),
                    found.kind(),
                    found.subject(),
                    found.detail(),
                    found.state().name().toLowerCase(Locale.ROOT),
                    found.owner(),
                    found.openedAt(),
                    found.closedAt(),
                    found.resolution());
        }
    }

    @Schema(name = "MoneyCases")
    @JsonInclude(JsonInclude.Include.NON_NULL)
    record ListView(List<View> cases, @Nullable String nextCursor) {}

    @Schema(name = "CaseResolution")
    record Resolution(@Nullable String resolution) {}

    @GetMapping
    @Operation(operationId = "listMoneyCases", summary = "Cases, newest first; the open ones unless told otherwise")
    @MayAnswer({ProblemCode.LIMIT_OUT_OF_RANGE, ProblemCode.CURSOR_INVALID, ProblemCode.VALUE_NOT_OFFERED})
    Mono<ListView> list(
            @Schema(description = "open or closed") @RequestParam(defaultValue = "open") String state,
            @RequestParam(defaultValue = "20") int limit,
            @RequestParam(required = false) @Nullable String cursor) {
        Checks checks = new Checks();
        if (!STATES.contains(state)) {
            checks.reject("state", ProblemCode.VALUE_NOT_OFFERED, "'state' is open or closed.", STATES);
        }
        checks.done();
        Checks.pageLimit(limit, MAX_PAGE);
        return cases.list(MoneyCase.State.valueOf(state.toUpperCase(Locale.ROOT)), before(cursor), limit + 1)
                .map(View::of)
                .collectList()
                .map(all -> all.size() <= limit
                        ? new ListView(all, null)
                        : new ListView(all.subList(0, limit), all.get(limit - 1).id()));
    }

    @PostMapping("/{id}/resolve")
    @Operation(
            operationId = "resolveMoneyCase",
            summary = "Close a case",
            description = "The same words again are the same resolution; others a conflict.")
    @MayAnswer({
        ProblemCode.CASE_RESOLVED,
        ProblemCode.TEXT_TOO_SHORT,
        ProblemCode.TEXT_TOO_LONG,
        ProblemCode.TEXT_NOT_UNICODE
    })
    Mono<View> resolve(@PathVariable String id, @RequestBody Resolution body, @CurrentCaller Caller caller) {
        Checks checks = new Checks();
        String words = checks.text("resolution", body.resolution(), 1, MAX_WORDS);
        checks.done();
        long number = number(id);
        return cases.resolve(number, caller.id(), words, clock.instant())
                .doOnNext(outcome -> log.info("case {} resolved by {}: {}", number, caller.id(), outcome))
                .flatMap(outcome -> switch (outcome) {
                    case RESOLVED, REPEATED -> cases.find(number).map(View::of);
                    case CONFLICT ->
                        Mono.error(ProblemException.of(
                                ProblemCode.CASE_RESOLVED, "This case has been resolved in other words; they stand."));
                    case UNKNOWN_CASE -> Mono.error(ProblemException.notFound("case"));
                });
    }

    private static long number(String id) {
        if (!id.matches("[0-9]{1,18}")) {
            throw ProblemException.notFound("case");
        }
        return Long.parseLong(id);
    }

    private static long before(@Nullable String cursor) {
        if (cursor == null || cursor.isEmpty()) {
            return Long.MAX_VALUE;
        }
        if (!cursor.matches("[0-9]{1,18}")) {
            throw ProblemException.ofField(
                    FieldProblem.of("cursor", ProblemCode.CURSOR_INVALID, "Use the nextCursor of a page as it was."));
        }
        return Long.parseLong(cursor);
    }
}
