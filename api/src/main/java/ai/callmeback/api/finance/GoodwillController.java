package ai.callmeback.api.finance;

import ai.callmeback.api.auth.Caller;
import ai.callmeback.api.auth.CurrentCaller;
import ai.callmeback.api.problem.MayAnswer;
import ai.callmeback.api.problem.ProblemCode;
import ai.callmeback.api.problem.ProblemException;
import ai.callmeback.api.web.Checks;
import ai.callmeback.api.web.IdempotencyKeys;
import ai.callmeback.db.review.Goodwill;
import ai.callmeback.domain.CallId;
import ai.callmeback.domain.Credits;
import ai.callmeback.domain.IdSource;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.Parameter;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.tags.Tag;
import java.time.Clock;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;
import reactor.core.publisher.Mono;

/** Minutes given away for a call that was not as it should have been, charged or not. */
@RestController
@RequestMapping("/api/finance/calls/{id}/goodwill")
@Tag(name = "Finance")
class GoodwillController {
    private static final Logger log = LoggerFactory.getLogger(GoodwillController.class);
    private static final int MAX_MINUTES = 600;
    private static final int MAX_NOTE = 500;

    private final Goodwill goodwill;
    private final IdSource ids;
    private final Clock clock;

    GoodwillController(Goodwill goodwill, IdSource ids, Clock clock) {
        this.goodwill = goodwill;
        this.ids = ids;
        this.clock = clock;
    }

    @Schema(name = "NewGoodwill")
    record Request(
            @Schema(description = "1 to 600") @Nullable Integer minutes,
            @Nullable String note) {}

    @Schema(name = "Goodwill")
    record View(String callId, int minutes, String note) {}

    @PostMapping
    @Operation(
            operationId = "giveGoodwill",
            summary = "Give minutes to whoever had the call",
            description = "They cost nothing, earn nothing and never expire. A repeat under the same Idempotency-Key"
                    + " changes nothing.")
    @MayAnswer({
        ProblemCode.IDEMPOTENCY_KEY_INVALID,
        ProblemCode.IDEMPOTENCY_CONFLICT,
        ProblemCode.ACCOUNT_CLOSED,
        ProblemCode.MINUTES_OUT_OF_RANGE,
        ProblemCode.TEXT_TOO_SHORT,
        ProblemCode.TEXT_TOO_LONG,
        ProblemCode.TEXT_NOT_UNICODE
    })
    Mono<View> give(
            @PathVariable String id,
            @RequestBody Request body,
            @Parameter(description = IdempotencyKeys.RULE)
                    @RequestHeader(name = IdempotencyKeys.HEADER, required = false)
                    @Nullable
                    String idempotencyKey,
            @CurrentCaller Caller caller) {
        CallId call = callId(id);
        String key = IdempotencyKeys.checked(idempotencyKey);
        Checks checks = new Checks();
        int minutes = body.minutes() == null ? 0 : body.minutes();
        if (minutes < 1 || minutes > MAX_MINUTES) {
            checks.reject(
                    "minutes",
                    ProblemCode.MINUTES_OUT_OF_RANGE,
                    "'minutes' must be 1 to " + MAX_MINUTES + ".",
                    MAX_MINUTES);
        }
        String note = checks.text("note", body.note(), 1, MAX_NOTE);
        checks.done();
        return goodwill.give(new Goodwill.Gift(
                        ids.get(), call, Credits.ofMinutes(minutes), note, caller.id(), key, clock.instant()))
                .map(outcome -> {
                    log.info("{} minutes for call {} by {}: {}", minutes, call, caller.id(), outcome);
                    return switch (outcome) {
                        case GIVEN, REPEATED -> new View(call.toString(), minutes, note);
                        case CONFLICT -> throw IdempotencyKeys.conflict();
                        case CLOSED_ACCOUNT ->
                            throw ProblemException.of(
                                    ProblemCode.ACCOUNT_CLOSED, "Whoever had this call has closed the account.");
                        case UNKNOWN_CALL -> throw ProblemException.notFound("call");
                    };
                });
    }

    private static CallId callId(String id) {
        try {
            return CallId.parse(id);
        } catch (IllegalArgumentException e) {
            throw ProblemException.notFound("call");
        }
    }
}
