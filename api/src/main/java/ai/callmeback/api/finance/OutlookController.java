package ai.callmeback.api.finance;

import ai.callmeback.api.problem.MayAnswer;
import ai.callmeback.api.problem.ProblemCode;
import ai.callmeback.api.problem.ProblemException;
import ai.callmeback.api.web.Checks;
import ai.callmeback.db.figures.Outlook;
import ai.callmeback.db.figures.Outlooks;
import com.fasterxml.jackson.annotation.JsonInclude;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.tags.Tag;
import java.math.BigDecimal;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;
import reactor.core.publisher.Mono;

/** What finance expects, and who brings in what; from the books each time. */
@RestController
@RequestMapping("/api/finance")
@Tag(name = "Finance")
class OutlookController {
    private static final int MAX_PAGE = 500;
    private static final Duration LONGEST = Duration.ofDays(400);
    private static final Map<String, String> BY = Map.of("users", "user", "personas", "persona");

    private final Outlooks outlooks;
    private final Clock clock;

    OutlookController(Outlooks outlooks, Clock clock) {
        this.outlooks = outlooks;
        this.clock = clock;
    }

    @Schema(
            name = "BreakEven",
            description =
                    "fixedUsd: the bills of the month; leftPerMinuteUsd: of a billed minute, less vendors and fees")
    @JsonInclude(JsonInclude.Include.NON_NULL)
    record BreakEvenView(
            String month,
            BigDecimal fixedUsd,
            BigDecimal leftPerMinuteUsd,
            BigDecimal minutesPerMonth,
            @Nullable BigDecimal callsPerMonth,
            String state) {}

    @Schema(name = "Forecast", description = "The next 28 days; lastError: how far the forecast of 28 days ago was off")
    @JsonInclude(JsonInclude.Include.NON_NULL)
    record ForecastView(
            String figure,
            LocalDate from,
            BigDecimal usd,
            @Nullable BigDecimal lastError,
            String state) {}

    @Schema(name = "ProductMinute", description = "What a minute of it is paid, costs, and leaves of the price")
    @JsonInclude(JsonInclude.Include.NON_NULL)
    record ProductView(
            String product,
            String kind,
            BigDecimal priceUsd,
            BigDecimal minutes,
            BigDecimal usdPerMinute,
            @Nullable BigDecimal costPerMinuteUsd,
            @Nullable BigDecimal margin) {}

    @Schema(name = "Outlook")
    @JsonInclude(JsonInclude.Include.NON_NULL)
    record OutlookView(
            Instant at,

            @Schema(description = "Absent without a month's bill, or when a minute leaves nothing") @Nullable
            BreakEvenView breakEven,

            List<ForecastView> forecasts,
            List<ProductView> priceMatrix) {}

    @Schema(name = "Share", description = "An empty subject is what is nobody's, so the sums are those of the figures")
    record ShareView(
            String subject,
            long calls,
            long connectedSeconds,
            long chargedSeconds,
            BigDecimal revenueUsd,
            BigDecimal costUsd) {}

    @Schema(name = "Shares")
    record SharesView(String by, Instant from, Instant until, List<ShareView> shares) {}

    @GetMapping("/outlook")
    @Operation(
            operationId = "getOutlook",
            summary = "Break-even, forecast with its last error, and what a minute of each product leaves",
            description =
                    "From the books of the last 28 days; a forecast is the same again, and as good as its last error.")
    Mono<OutlookView> outlook() {
        return outlooks.outlook(clock.instant().truncatedTo(ChronoUnit.MILLIS)).map(OutlookController::view);
    }

    @GetMapping(path = "/outlook/csv", produces = "text/csv")
    @Operation(operationId = "getOutlookAsCsv", summary = "The same as a table, a line for each figure")
    Mono<ResponseEntity<String>> csv() {
        return outlooks.outlook(clock.instant().truncatedTo(ChronoUnit.MILLIS))
                .map(outlook -> FigureCsv.attachment("outlook.csv", OutlookCsv.of(outlook)));
    }

    @GetMapping("/top/{by}")
    @Operation(
            operationId = "listTopShares",
            summary = "Who brings in what: by users or by personas, most revenue first",
            description = "Over the last 28 days unless told otherwise, at most 400 days.")
    @MayAnswer({ProblemCode.TIME_INVALID, ProblemCode.RANGE_INVALID, ProblemCode.LIMIT_OUT_OF_RANGE})
    Mono<SharesView> top(
            @Schema(description = "users or personas") @PathVariable String by,
            @RequestParam(required = false) @Nullable String from,
            @RequestParam(required = false) @Nullable String until,
            @RequestParam(defaultValue = "20") int limit) {
        if (!BY.containsKey(by)) {
            throw ProblemException.notFound("list of that name");
        }
        Checks.pageLimit(limit, MAX_PAGE);
        Checks checks = new Checks();
        Instant end = until == null
                ? clock.instant().truncatedTo(ChronoUnit.MILLIS)
                : FinanceTimes.instant(checks, "until", until);
        Instant start = from == null ? end.minus(28, ChronoUnit.DAYS) : FinanceTimes.instant(checks, "from", from);
        checks.done();
        if (!start.isBefore(end) || Duration.between(start, end).compareTo(LONGEST) > 0) {
            checks.reject(
                    "until",
                    ProblemCode.RANGE_INVALID,
                    "'until' must be after 'from', by at most " + LONGEST.toDays() + " days.",
                    LONGEST.toDays());
        }
        checks.done();
        return outlooks.top(String.valueOf(BY.get(by)), start, end, limit)
                .map(share -> new ShareView(
                        share.subject(),
                        share.calls(),
                        share.connectedSeconds(),
                        share.chargedSeconds(),
                        share.revenue().toUsd(),
                        share.cost().toUsd()))
                .collectList()
                .map(shares -> new SharesView(by, start, end, shares));
    }

    private static OutlookView view(Outlook outlook) {
        Outlook.BreakEven even = outlook.breakEven();
        return new OutlookView(
                outlook.at(),
                even == null
                        ? null
                        : new BreakEvenView(
                                even.month().toString(),
                                even.fixed().toUsd(),
                                even.leftPerMinute(),
                                even.minutes(),
                                even.calls(),
                                even.state().code()),
                outlook.forecasts().stream()
                        .map(one -> new ForecastView(
                                one.figure(),
                                one.from(),
                                one.usd(),
                                one.lastError(),
                                one.state().code()))
                        .toList(),
                outlook.products().stream()
                        .map(one -> new ProductView(
                                one.product(),
                                one.kind(),
                                one.price().toUsd(),
                                one.minutes(),
                                one.usdPerMinute(),
                                one.costPerMinute(),
                                one.margin()))
                        .toList());
    }
}
