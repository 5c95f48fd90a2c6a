package ai.callmeback.api.finance;

import ai.callmeback.api.auth.Caller;
import ai.callmeback.api.auth.CurrentCaller;
import ai.callmeback.api.problem.MayAnswer;
import ai.callmeback.api.problem.ProblemCode;
import ai.callmeback.api.web.Checks;
import ai.callmeback.api.web.IdempotencyKeys;
import ai.callmeback.db.cost.OtherCosts;
import ai.callmeback.domain.UsdMicros;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.Parameter;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.tags.Tag;
import java.math.BigDecimal;
import java.time.Clock;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.YearMonth;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;
import reactor.core.publisher.Mono;

/** Bills for what all calls share: servers, the database, domains. */
@RestController
@RequestMapping("/api/finance/bills")
@Tag(name = "Finance")
class BillController {
    private static final Logger log = LoggerFactory.getLogger(BillController.class);
    private static final BigDecimal MAX_USD = BigDecimal.valueOf(1_000_000);
    private static final int CENT_PLACES = 2;
    private static final int MICRO_PLACES = 6;
    private static final int MAX_NAME = 80;
    private static final int MAX_NOTE = 500;
    private static final int SHOWN = 100;

    private final OtherCosts costs;
    private final Clock clock;

    BillController(OtherCosts costs, Clock clock) {
        this.costs = costs;
        this.clock = clock;
    }

    @Schema(name = "NewBill")
    record Request(
            @Schema(example = "The hosting company") @Nullable
            String payee,

            @Schema(example = "2026-11") @Nullable String month,

            @Schema(description = "In whole cents") @Nullable
            BigDecimal amountUsd,

            @Nullable String note) {}

    @Schema(
            name = "BookedBill",
            description =
                    "carriedUsd: what the month's calls carry as an estimate; bookedUsd: what is booked for the month"
                            + " beyond that, over all its bills")
    record Booked(String id, BigDecimal carriedUsd, BigDecimal bookedUsd) {}

    @Schema(name = "Bill")
    record View(String id, String payee, String month, BigDecimal amountUsd, String note, Instant enteredAt) {}

    @Schema(name = "Bills")
    record ListView(List<View> bills) {}

    @PostMapping
    @Operation(
            operationId = "enterBill",
            summary = "Enter a month's bill for what all calls share",
            description =
                    "Each call carries an estimate; the difference between the month's bills and what its calls carry"
                            + " is booked as platform cost. A repeat with the same Idempotency-Key is the same bill.")
    @MayAnswer({
        ProblemCode.IDEMPOTENCY_KEY_INVALID,
        ProblemCode.IDEMPOTENCY_CONFLICT,
        ProblemCode.FIELD_REQUIRED,
        ProblemCode.TIME_INVALID,
        ProblemCode.AMOUNT_OUT_OF_RANGE,
        ProblemCode.TEXT_TOO_SHORT,
        ProblemCode.TEXT_TOO_LONG,
        ProblemCode.TEXT_NOT_UNICODE
    })
    Mono<Booked> enter(
            @RequestBody Request body,
            @Parameter(description = IdempotencyKeys.RULE)
                    @RequestHeader(name = IdempotencyKeys.HEADER, required = false)
                    @Nullable
                    String idempotencyKey,
            @CurrentCaller Caller caller) {
        String key = IdempotencyKeys.checked(idempotencyKey);
        Checks checks = new Checks();
        String payee = checks.text("payee", body.payee(), 1, MAX_NAME);
        String note = checks.optionalText("note", body.note(), MAX_NOTE, ProblemCode.TEXT_TOO_LONG);
        YearMonth month = month(checks, body.month());
        BigDecimal usd = body.amountUsd();
        if (usd == null
                || usd.signum() <= 0
                || usd.compareTo(MAX_USD) > 0
                || usd.stripTrailingZeros().scale() > CENT_PLACES) {
            checks.reject(
                    "amountUsd",
                    ProblemCode.AMOUNT_OUT_OF_RANGE,
                    "'amountUsd' must be more than 0, in whole cents, and at most " + MAX_USD + ".",
                    MAX_USD);
        }
        checks.done();
        UsdMicros amount = new UsdMicros((usd == null ? BigDecimal.ZERO : usd)
                .movePointRight(MICRO_PLACES)
                .longValueExact());
        var bill = new OtherCosts.NewBill(UUID.randomUUID(), key, payee, month, amount, note, caller.id());
        return costs.bill(bill, clock.instant()).map(billed -> {
            if (billed.conflict()) {
                throw IdempotencyKeys.conflict();
            }
            log.info("bill {} for {} entered by {}", billed.id(), month, caller.id());
            return new Booked(
                    billed.id().toString(),
                    billed.carried().toUsd(),
                    billed.booked().toUsd());
        });
    }

    private YearMonth month(Checks checks, @Nullable String text) {
        YearMonth now = YearMonth.now(clock);
        try {
            YearMonth month = text == null ? now : YearMonth.parse(text);
            if (text != null && !month.isAfter(now) && month.isAfter(now.minusYears(10))) {
                return month;
            }
        } catch (DateTimeException e) {
            // Refused below, like a month that has not begun.
        }
        checks.reject("month", ProblemCode.TIME_INVALID, "'month' must be a month that has begun, as 2026-11.");
        return now;
    }

    @GetMapping
    @Operation(operationId = "listBills", summary = "The bills entered last")
    Mono<ListView> list() {
        return costs.bills(SHOWN)
                .map(bill -> new View(
                        bill.id().toString(),
                        bill.payee(),
                        bill.month().toString(),
                        bill.amount().toUsd(),
                        bill.note(),
                        bill.enteredAt()))
                .collectList()
                .map(ListView::new);
    }
}
