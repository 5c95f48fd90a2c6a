package ai.callmeback.api.finance;

import ai.callmeback.api.auth.Caller;
import ai.callmeback.api.auth.CurrentCaller;
import ai.callmeback.api.problem.MayAnswer;
import ai.callmeback.api.problem.ProblemCode;
import ai.callmeback.api.problem.ProblemException;
import ai.callmeback.api.web.Checks;
import ai.callmeback.db.figures.MonthClosing;
import ai.callmeback.db.figures.MonthClosings;
import ai.callmeback.db.ledger.Ledger;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.tags.Tag;
import java.math.BigDecimal;
import java.time.Clock;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.YearMonth;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;
import reactor.core.publisher.Mono;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Closing a month: its figures are kept, and told apart from the books if ever they differ. */
@RestController
@RequestMapping("/api/finance/closings")
@Tag(name = "Finance")
class ClosingController {
    private static final Logger log = LoggerFactory.getLogger(ClosingController.class);
    private static final int MAX_NOTE = 500;
    private static final int SHOWN = 24;

    private final MonthClosings closings;
    private final Ledger ledger;
    private final JsonMapper json;
    private final Clock clock;

    ClosingController(MonthClosings closings, Ledger ledger, JsonMapper json, Clock clock) {
        this.closings = closings;
        this.ledger = ledger;
        this.json = json;
        this.clock = clock;
    }

    @Schema(name = "NewClosing")
    record Request(
            @Schema(example = "2026-10") @Nullable String month,
            @Nullable String note) {}

    @Schema(
            name = "Closing",
            description = "figures: as they were when it was closed; differing: those that are others in the books now")
    record View(
            String month,
            Map<String, BigDecimal> figures,
            long openCases,
            String note,
            Instant closedAt,
            List<String> differing) {}

    @Schema(name = "Closings")
    record ListView(List<View> closings) {}

    @PostMapping
    @Operation(
            operationId = "closeMonth",
            summary = "Close a month that is over",
            description = "Only when the ledger's audit finds nothing. A month that is closed stays as it was closed.")
    @MayAnswer({
        ProblemCode.TIME_INVALID,
        ProblemCode.TEXT_TOO_LONG,
        ProblemCode.TEXT_NOT_UNICODE,
        ProblemCode.BOOKS_NOT_CLEAN
    })
    Mono<View> close(@RequestBody Request body, @CurrentCaller Caller caller) {
        Checks checks = new Checks();
        YearMonth month = month(checks, body.month());
        String note = checks.optionalText("note", body.note(), MAX_NOTE, ProblemCode.TEXT_TOO_LONG);
        checks.done();
        return ledger.audit().flatMap(audit -> {
            if (!audit.violations().isEmpty()) {
                return Mono.error(ProblemException.of(
                        ProblemCode.BOOKS_NOT_CLEAN,
                        "The audit names " + audit.violations().size()
                                + " violations; see /api/operator/ledger/audit."));
            }
            log.info("{} is closed by {}", month, caller.id());
            return closings.close(month, note, caller.id(), clock.instant()).map(this::view);
        });
    }

    private YearMonth month(Checks checks, @Nullable String text) {
        YearMonth now = YearMonth.now(clock);
        try {
            YearMonth month = text == null ? now : YearMonth.parse(text);
            if (month.isBefore(now) && month.isAfter(now.minusYears(10))) {
                return month;
            }
        } catch (DateTimeException e) {
            // Refused below, like a month that is not over.
        }
        checks.reject("month", ProblemCode.TIME_INVALID, "'month' must be a month that is over, as 2026-10.");
        return now;
    }

    @GetMapping
    @Operation(operationId = "listClosings", summary = "The months closed last")
    Mono<ListView> list() {
        return closings.latest(SHOWN, clock.instant())
                .map(this::view)
                .collectList()
                .map(ListView::new);
    }

    private View view(MonthClosing closing) {
        JsonNode kept = json.readTree(closing.figures());
        Map<String, BigDecimal> figures = new TreeMap<>();
        for (String name : kept.propertyNames()) {
            figures.put(name, new BigDecimal(kept.path(name).asString()));
        }
        return new View(
                closing.month().toString(),
                figures,
                closing.openCases(),
                closing.note(),
                closing.closedAt(),
                closing.differing());
    }
}
