package ai.callmeback.api.budget;

import ai.callmeback.api.auth.Caller;
import ai.callmeback.api.auth.CurrentCaller;
import ai.callmeback.api.problem.MayAnswer;
import ai.callmeback.api.problem.ProblemCode;
import ai.callmeback.api.web.Checks;
import ai.callmeback.db.budget.Budget;
import ai.callmeback.db.budget.Budgets;
import ai.callmeback.domain.UsdMicros;
import com.fasterxml.jackson.annotation.JsonInclude;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.tags.Tag;
import java.math.BigDecimal;
import java.time.Clock;
import java.time.LocalDate;
import org.jspecify.annotations.Nullable;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PutMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;
import reactor.core.publisher.Mono;

/** Budgets are kept by the call worker: before a call is held, and at each usage report of one under way. */
@RestController
@RequestMapping("/api/budget")
@Tag(name = "Credits")
class BudgetController {
    private static final int USUAL_ALERT_PERCENT = 80;
    private static final int MAX_PERCENT = 100;
    private static final int CENT_PLACES = 2;
    private static final int MICRO_PLACES = 6;
    private static final BigDecimal MAX_USD = BigDecimal.valueOf(100_000);

    private final Budgets budgets;
    private final Clock clock;

    BudgetController(Budgets budgets, Clock clock) {
        this.budgets = budgets;
        this.clock = clock;
    }

    @Schema(name = "BudgetChange")
    record Request(
            @Schema(description = "In whole cents; absent: no budget", example = "5.00") @Nullable
            BigDecimal dailyUsd,

            @Schema(description = "In whole cents; absent: no budget", example = "50.00") @Nullable
            BigDecimal monthlyUsd,

            @Schema(minimum = "1", maximum = "100", defaultValue = "80") @Nullable
            Integer alertPercent) {}

    @Schema(name = "Budget", description = "What calls may cost, by vendors' prices; days and months are UTC's")
    record View(Period day, Period month, int alertPercent) {
        static View of(Budget budget) {
            return new View(Period.of(budget.day()), Period.of(budget.month()), budget.alertPercent());
        }
    }

    /** @param spentUsd of calls under way, as estimated */
    @Schema(name = "BudgetPeriod")
    @JsonInclude(JsonInclude.Include.NON_NULL)
    record Period(LocalDate from, @Nullable BigDecimal limitUsd, BigDecimal spentUsd) {
        static Period of(Budget.Period period) {
            UsdMicros limit = period.limit();
            return new Period(
                    period.start(),
                    limit == null ? null : limit.toUsd().setScale(CENT_PLACES),
                    period.spent().toUsd());
        }
    }

    @GetMapping
    @Operation(operationId = "getBudgets", summary = "The budgets of this day and month, and what is spent of them")
    Mono<View> get(@CurrentCaller Caller caller) {
        return budgets.find(caller.id(), clock.instant()).map(View::of);
    }

    @PutMapping
    @Operation(
            operationId = "setBudgets",
            summary = "Set the budgets",
            description = "Replaces both; what is left out is no budget. When one is used up, calls that come due are"
                    + " refused with budget_used_up, and one under way says so and ends with a goodbye. An e-mail warns"
                    + " from alertPercent of a budget on, once a period.")
    @MayAnswer({ProblemCode.AMOUNT_OUT_OF_RANGE, ProblemCode.PERCENT_OUT_OF_RANGE})
    Mono<View> put(@RequestBody Request body, @CurrentCaller Caller caller) {
        Checks checks = new Checks();
        UsdMicros daily = amount(checks, "dailyUsd", body.dailyUsd());
        UsdMicros monthly = amount(checks, "monthlyUsd", body.monthlyUsd());
        int alert = body.alertPercent() == null ? USUAL_ALERT_PERCENT : body.alertPercent();
        if (alert < 1 || alert > MAX_PERCENT) {
            checks.reject(
                    "alertPercent",
                    ProblemCode.PERCENT_OUT_OF_RANGE,
                    "'alertPercent' must be 1 to " + MAX_PERCENT + ".",
                    MAX_PERCENT);
        }
        checks.done();
        return budgets.set(caller.id(), daily, monthly, alert, clock.instant())
                .then(Mono.defer(() -> budgets.find(caller.id(), clock.instant())))
                .map(View::of);
    }

    private static @Nullable UsdMicros amount(Checks checks, String field, @Nullable BigDecimal usd) {
        if (usd == null) {
            return null;
        }
        if (usd.signum() <= 0
                || usd.compareTo(MAX_USD) > 0
                || usd.stripTrailingZeros().scale() > CENT_PLACES) {
            checks.reject(
                    field,
                    ProblemCode.AMOUNT_OUT_OF_RANGE,
                    "'" + field + "' must be more than 0, in whole cents, and at most " + MAX_USD + ".",
                    MAX_USD);
            return null;
        }
        return new UsdMicros(usd.movePointRight(MICRO_PLACES).longValueExact());
    }
}
