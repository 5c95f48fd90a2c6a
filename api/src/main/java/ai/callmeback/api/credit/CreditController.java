package ai.callmeback.api.credit;

import ai.callmeback.api.auth.Caller;
import ai.callmeback.api.auth.CurrentCaller;
import ai.callmeback.api.problem.FieldProblem;
import ai.callmeback.api.problem.MayAnswer;
import ai.callmeback.api.problem.ProblemCode;
import ai.callmeback.api.problem.ProblemException;
import ai.callmeback.db.ledger.Ledger;
import ai.callmeback.db.statement.StatementLine;
import ai.callmeback.db.statement.Statements;
import ai.callmeback.domain.Credits;
import com.fasterxml.jackson.annotation.JsonInclude;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.tags.Tag;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;
import reactor.core.publisher.Mono;

/** Credits are minutes to a person and seconds in the ledger; both are shown. */
@RestController
@RequestMapping("/api/credits")
@Tag(name = "Credits")
class CreditController {
    private static final int MAX_PAGE = 100;
    private static final BigDecimal SECONDS_PER_MINUTE = BigDecimal.valueOf(60);

    private final Ledger ledger;
    private final Statements statements;

    CreditController(Ledger ledger, Statements statements) {
        this.ledger = ledger;
        this.statements = statements;
    }

    /** Minutes are rounded down to two places: what is shown can be used. */
    @Schema(name = "Credits")
    record BalanceView(
            long availableSeconds,
            long heldSeconds,
            long owedSeconds,
            BigDecimal availableMinutes,
            BigDecimal heldMinutes) {}

    @Schema(name = "CreditLine")
    @JsonInclude(JsonInclude.Include.NON_NULL)
    record LineView(
            long id,
            String kind,
            Instant at,
            long availableSeconds,
            long heldSeconds,
            @Nullable String callId) {
        static LineView of(StatementLine line) {
            return new LineView(
                    line.id(),
                    line.kind(),
                    line.at(),
                    line.availableSeconds(),
                    line.heldSeconds(),
                    line.holdId().map(Object::toString).orElse(null));
        }
    }

    @Schema(name = "CreditLines")
    @JsonInclude(JsonInclude.Include.NON_NULL)
    record LinesView(List<LineView> lines, @Nullable String nextCursor) {}

    @GetMapping
    @Operation(summary = "What is available and what is set aside")
    Mono<BalanceView> balance(@CurrentCaller Caller caller) {
        return ledger.balance(caller.id())
                .map(balance -> new BalanceView(
                        balance.available().seconds(),
                        balance.held().seconds(),
                        balance.owed().seconds(),
                        minutes(balance.available()),
                        minutes(balance.held())));
    }

    private static BigDecimal minutes(Credits credits) {
        return BigDecimal.valueOf(credits.seconds()).divide(SECONDS_PER_MINUTE, 2, RoundingMode.DOWN);
    }

    @GetMapping("/lines")
    @Operation(summary = "The caller's ledger lines, newest first")
    @MayAnswer({ProblemCode.LIMIT_OUT_OF_RANGE, ProblemCode.CURSOR_INVALID})
    Mono<LinesView> lines(
            @RequestParam(defaultValue = "20") int limit,
            @RequestParam(required = false) @Nullable String cursor,
            @CurrentCaller Caller caller) {
        if (limit < 1 || limit > MAX_PAGE) {
            return Mono.error(ProblemException.ofField(new FieldProblem(
                    "limit", ProblemCode.LIMIT_OUT_OF_RANGE, "'limit' must be 1 to " + MAX_PAGE + ".", MAX_PAGE)));
        }
        return statements
                .lines(caller.id(), cursor(cursor), limit + 1)
                .map(LineView::of)
                .collectList()
                .map(all -> all.size() <= limit
                        ? new LinesView(all, null)
                        : new LinesView(
                                all.subList(0, limit),
                                Long.toString(all.get(limit - 1).id())));
    }

    private static long cursor(@Nullable String text) {
        if (text == null || text.isEmpty()) {
            return Long.MAX_VALUE;
        }
        try {
            return Long.parseLong(text);
        } catch (NumberFormatException e) {
            throw ProblemException.ofField(
                    FieldProblem.of("cursor", ProblemCode.CURSOR_INVALID, "Use the nextCursor of a page as it was."));
        }
    }
}
