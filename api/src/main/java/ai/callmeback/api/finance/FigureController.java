package ai.callmeback.api.finance;

import ai.callmeback.api.problem.FieldProblem;
import ai.callmeback.api.problem.MayAnswer;
import ai.callmeback.api.problem.ProblemCode;
import ai.callmeback.api.problem.ProblemException;
import ai.callmeback.api.web.Checks;
import ai.callmeback.db.figures.Figure;
import ai.callmeback.db.figures.FigureEntry;
import ai.callmeback.db.figures.FigurePeriod;
import ai.callmeback.db.figures.FigureReport;
import ai.callmeback.db.figures.Figures;
import ai.callmeback.db.figures.Grain;
import com.fasterxml.jackson.annotation.JsonInclude;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.tags.Tag;
import java.math.BigDecimal;
import java.time.Clock;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;
import reactor.core.publisher.Mono;

/** Profit and loss, and what it is made of, over any range and grain; read from the ledger each time. */
@RestController
@RequestMapping("/api/finance/figures")
@Tag(name = "Finance")
class FigureController {
    private static final int MAX_PAGE = 500;
    private static final List<String> GRAINS =
            Arrays.stream(Grain.values()).map(Grain::code).toList();
    /** Outside of it, somebody should look: charges are missed, or calls fail. */
    private static final List<BigDecimal> USUAL_CHARGE_RATE = List.of(new BigDecimal("0.70"), new BigDecimal("0.85"));

    private final Figures figures;
    private final Clock clock;

    FigureController(Figures figures, Clock clock) {
        this.figures = figures;
        this.clock = clock;
    }

    @Schema(name = "Figure")
    @JsonInclude(JsonInclude.Include.NON_NULL)
    record View(
            String name,

            @Schema(description = "usd, usd_per_minute, seconds, count or ratio")
            String unit,

            @Schema(description = "Absent when it cannot be said, as a cost per minute without minutes") @Nullable
            BigDecimal value,

            @Schema(description = "estimated, provisional or reconciled")
            String state,

            @Schema(description = "When it was true: the reading, or of what is reconciled the last run")
            Instant at,

            @Schema(description = "The figures it is worked out from; + and - where it is their sum") @Nullable
            List<String> madeOf,

            @Schema(description = "Where the entries are that it is the sum of") @Nullable
            String entries,

            @Schema(description = "false: it is outside of what is usual") @Nullable
            Boolean usual) {}

    @Schema(name = "FigureBridgeStep")
    record StepView(String name, BigDecimal usd) {}

    @Schema(
            name = "FigurePeriod",
            description = "bridge: from the accrual view to the projected one; all lines but the last sum to the last")
    record PeriodView(Instant from, Instant until, List<View> figures, List<StepView> bridge) {}

    @Schema(name = "Figures")
    record ReportView(String grain, Instant at, PeriodView total, List<PeriodView> periods) {}

    @Schema(name = "FigureEntry", description = "amount: what it adds to the figure, in dollars or seconds")
    @JsonInclude(JsonInclude.Include.NON_NULL)
    record EntryView(
            String postingId,
            @Nullable Integer line,
            String kind,
            String businessKey,
            String account,
            BigDecimal amount,
            Instant at,
            @Nullable String userId,
            @Nullable String callId,
            @Nullable String grantId,
            @Nullable String vendor,
            @Nullable String operation) {}

    @Schema(name = "FigureEntries")
    @JsonInclude(JsonInclude.Include.NON_NULL)
    record EntriesView(
            String figure,
            List<EntryView> entries,
            @Nullable String nextCursor) {}

    private record Range(Instant from, Instant until, Grain grain) {}

    @GetMapping
    @Operation(
            operationId = "getFigures",
            summary = "Profit and loss over a range, whole and by period",
            description = "From the first of this month until now unless told otherwise; at most 400 periods, by UTC. A"
                    + " posting belongs to the period in which it was booked.")
    @MayAnswer({ProblemCode.TIME_INVALID, ProblemCode.RANGE_INVALID, ProblemCode.VALUE_NOT_OFFERED})
    Mono<ReportView> figures(
            @Schema(example = "2026-11-01T00:00:00Z") @RequestParam(required = false) @Nullable String from,
            @Schema(example = "2026-12-01T00:00:00Z") @RequestParam(required = false) @Nullable String until,
            @Schema(description = "day, week, month or total") @RequestParam(defaultValue = "total") String grain) {
        return report(from, until, grain)
                .map(report -> new ReportView(
                        report.grain().code(),
                        report.at(),
                        view(report.total()),
                        report.periods().stream().map(FigureController::view).toList()));
    }

    @GetMapping(path = "/csv", produces = "text/csv")
    @Operation(operationId = "getFiguresAsCsv", summary = "The same as a table, a line for each figure of each period")
    @MayAnswer({ProblemCode.TIME_INVALID, ProblemCode.RANGE_INVALID, ProblemCode.VALUE_NOT_OFFERED})
    Mono<ResponseEntity<String>> csv(
            @RequestParam(required = false) @Nullable String from,
            @RequestParam(required = false) @Nullable String until,
            @RequestParam(defaultValue = "total") String grain) {
        return report(from, until, grain).map(report -> FigureCsv.attachment("figures.csv", FigureCsv.of(report)));
    }

    @GetMapping("/{name}/entries")
    @Operation(
            operationId = "listFigureEntries",
            summary = "The entries behind a figure",
            description = "In the order of their postings. Their amounts sum to the figure over the same range.")
    @MayAnswer({
        ProblemCode.TIME_INVALID,
        ProblemCode.RANGE_INVALID,
        ProblemCode.LIMIT_OUT_OF_RANGE,
        ProblemCode.CURSOR_INVALID
    })
    Mono<EntriesView> entries(
            @PathVariable String name,
            @RequestParam(required = false) @Nullable String from,
            @RequestParam(required = false) @Nullable String until,
            @RequestParam(defaultValue = "100") int limit,
            @RequestParam(required = false) @Nullable String cursor) {
        Range range = range(from, until, Grain.TOTAL.code());
        Checks.pageLimit(limit, MAX_PAGE);
        if (!Figures.isDrillable(name)) {
            throw ProblemException.notFound("figure with entries of its own");
        }
        long skip = skip(cursor);
        return figures.entries(name, range.from(), range.until(), skip, limit + 1)
                .map(FigureController::view)
                .collectList()
                .map(all -> all.size() <= limit
                        ? new EntriesView(name, all, null)
                        : new EntriesView(name, all.subList(0, limit), Long.toString(skip + limit)));
    }

    private Mono<FigureReport> report(@Nullable String from, @Nullable String until, String grain) {
        Range range = range(from, until, grain);
        return figures.report(range.from(), range.until(), range.grain(), clock.instant());
    }

    private Range range(@Nullable String from, @Nullable String until, String grain) {
        Checks checks = new Checks();
        Instant now = clock.instant().truncatedTo(ChronoUnit.MILLIS);
        Instant end = until == null ? now : FinanceTimes.instant(checks, "until", until);
        Instant start = from == null
                ? LocalDate.ofInstant(end.minusMillis(1), ZoneOffset.UTC)
                        .withDayOfMonth(1)
                        .atStartOfDay(ZoneOffset.UTC)
                        .toInstant()
                : FinanceTimes.instant(checks, "from", from);
        Optional<Grain> cut = Arrays.stream(Grain.values())
                .filter(offered -> offered.code().equals(grain))
                .findFirst();
        if (cut.isEmpty()) {
            checks.reject(
                    "grain", ProblemCode.VALUE_NOT_OFFERED, "'grain' is " + String.join(", ", GRAINS) + ".", GRAINS);
        }
        checks.done();
        if (!Figures.fits(start, end, cut.orElseThrow())) {
            checks.reject(
                    "until",
                    ProblemCode.RANGE_INVALID,
                    "'until' must be after 'from', by at most " + Figures.MOST_PERIODS + " periods.",
                    Figures.MOST_PERIODS);
        }
        checks.done();
        return new Range(start, end, cut.orElseThrow());
    }

    private static long skip(@Nullable String cursor) {
        if (cursor == null || cursor.isEmpty()) {
            return 0;
        }
        if (!cursor.matches("[0-9]{1,15}")) {
            throw ProblemException.ofField(
                    FieldProblem.of("cursor", ProblemCode.CURSOR_INVALID, "Use the nextCursor of a page as it was."));
        }
        return Long.parseLong(cursor);
    }

    private static PeriodView view(FigurePeriod period) {
        return new PeriodView(
                period.from(),
                period.until(),
                period.figures().stream().map(figure -> view(figure, period)).toList(),
                period.bridge().stream()
                        .map(step -> new StepView(step.name(), step.usd()))
                        .toList());
    }

    private static View view(Figure figure, FigurePeriod period) {
        BigDecimal value = figure.value();
        Boolean usual = (figure.name().equals("charge_rate") && value != null) ? isUsual(value) : null;
        return new View(
                figure.name(),
                figure.unit().code(),
                value,
                figure.state().code(),
                figure.at(),
                figure.madeOf().isEmpty() ? null : figure.madeOf(),
                figure.drillable()
                        ? "/api/finance/figures/%s/entries?from=%s&until=%s"
                                .formatted(figure.name(), period.from(), period.until())
                        : null,
                usual);
    }

    private static boolean isUsual(BigDecimal rate) {
        return rate.compareTo(USUAL_CHARGE_RATE.getFirst()) >= 0 && rate.compareTo(USUAL_CHARGE_RATE.getLast()) <= 0;
    }

    private static EntryView view(FigureEntry entry) {
        return new EntryView(
                Long.toString(entry.postingId()),
                entry.line(),
                entry.kind().toLowerCase(Locale.ROOT),
                entry.businessKey(),
                entry.account(),
                entry.amount(),
                entry.at(),
                text(entry.userId()),
                text(entry.callId()),
                text(entry.grantId()),
                entry.vendor(),
                entry.operation());
    }

    private static @Nullable String text(@Nullable Object id) {
        return id == null ? null : id.toString();
    }
}
