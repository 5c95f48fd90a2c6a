package ai.callmeback.api.credit;

import ai.callmeback.api.auth.Caller;
import ai.callmeback.api.auth.CurrentCaller;
import ai.callmeback.api.problem.FieldProblem;
import ai.callmeback.api.problem.MayAnswer;
import ai.callmeback.api.problem.ProblemCode;
import ai.callmeback.api.problem.ProblemException;
import ai.callmeback.api.web.Checks;
import ai.callmeback.db.ledger.Balance;
import ai.callmeback.db.ledger.GrantBalance;
import ai.callmeback.db.ledger.Ledger;
import ai.callmeback.db.ledger.LedgerCorrections;
import ai.callmeback.db.purchase.FirstCalls;
import ai.callmeback.db.statement.StatementLine;
import ai.callmeback.db.statement.Statements;
import ai.callmeback.domain.Credits;
import com.fasterxml.jackson.annotation.JsonInclude;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.tags.Tag;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
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
    private final LedgerCorrections corrections;
    private final Statements statements;
    private final FirstCalls firstCalls;
    private final Clock clock;

    CreditController(
            Ledger ledger, LedgerCorrections corrections, Statements statements, FirstCalls firstCalls, Clock clock) {
        this.ledger = ledger;
        this.corrections = corrections;
        this.statements = statements;
        this.firstCalls = firstCalls;
        this.clock = clock;
    }

    /**
     * Minutes are rounded down to two places: what is shown can be used.
     *
     * @param firstCallFreeSeconds how long the first call may be for nothing, without a card; 0 when it was had
     */
    @Schema(name = "Credits")
    record BalanceView(
            long availableSeconds,
            long heldSeconds,
            long owedSeconds,
            BigDecimal availableMinutes,
            BigDecimal heldMinutes,
            long firstCallFreeSeconds,
            List<GrantView> grants) {}

    /** @param status {@code usable}, {@code used} or {@code expired} */
    @Schema(name = "Grant", description = "Credits from one source, in the order they are used")
    @JsonInclude(JsonInclude.Include.NON_NULL)
    record GrantView(
            String id,
            String source,
            long grantedSeconds,
            long availableSeconds,
            long heldSeconds,
            BigDecimal pricePaidUsd,
            Instant grantedAt,
            @Nullable Instant expiresAt,
            String status) {
        static GrantView of(GrantBalance grant, Instant now) {
            Instant expiresAt = grant.expiresAt();
            boolean expired = expiresAt != null && !expiresAt.isAfter(now);
            boolean used = grant.available().seconds() + grant.held().seconds() == 0;
            return new GrantView(
                    grant.grantId().toString(),
                    grant.source().name().toLowerCase(Locale.ROOT),
                    grant.granted().seconds(),
                    grant.available().seconds(),
                    grant.held().seconds(),
                    grant.pricePaid().toUsd().setScale(2, RoundingMode.HALF_EVEN),
                    grant.grantedAt(),
                    expiresAt,
                    expired ? "expired" : used ? "used" : "usable");
        }
    }

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
    @Operation(operationId = "getBalance", summary = "What is available and what is set aside")
    Mono<BalanceView> balance(@CurrentCaller Caller caller) {
        Mono<List<GrantView>> grants = corrections
                .grants(caller.id())
                .map(grant -> GrantView.of(grant, clock.instant()))
                .collectList();
        Mono<Credits> free = firstCalls.offered(caller.id());
        return Mono.zip(ledger.balance(caller.id()), free, grants)
                .map(all -> view(all.getT1(), all.getT2(), all.getT3()));
    }

    private static BalanceView view(Balance balance, Credits free, List<GrantView> grants) {
        return new BalanceView(
                balance.available().seconds(),
                balance.held().seconds(),
                balance.owed().seconds(),
                minutes(balance.available()),
                minutes(balance.held()),
                free.seconds(),
                grants);
    }

    private static BigDecimal minutes(Credits credits) {
        return BigDecimal.valueOf(credits.seconds()).divide(SECONDS_PER_MINUTE, 2, RoundingMode.DOWN);
    }

    @GetMapping("/lines")
    @Operation(operationId = "listLedgerLines", summary = "The caller's ledger lines, newest first")
    @MayAnswer({ProblemCode.LIMIT_OUT_OF_RANGE, ProblemCode.CURSOR_INVALID})
    Mono<LinesView> lines(
            @RequestParam(defaultValue = "20") int limit,
            @RequestParam(required = false) @Nullable String cursor,
            @CurrentCaller Caller caller) {
        Checks.pageLimit(limit, MAX_PAGE);
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
