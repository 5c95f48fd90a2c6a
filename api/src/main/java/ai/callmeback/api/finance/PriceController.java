package ai.callmeback.api.finance;

import ai.callmeback.api.auth.Caller;
import ai.callmeback.api.auth.CurrentCaller;
import ai.callmeback.api.problem.MayAnswer;
import ai.callmeback.api.problem.ProblemCode;
import ai.callmeback.api.problem.ProblemException;
import ai.callmeback.api.web.Checks;
import ai.callmeback.db.price.BookedPrice;
import ai.callmeback.db.price.PriceChange;
import ai.callmeback.db.price.Prices;
import ai.callmeback.domain.UnitPrice;
import com.fasterxml.jackson.annotation.JsonInclude;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.tags.Tag;
import java.math.BigDecimal;
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

/** The price book, and the changes that wait for finance. */
@RestController
@RequestMapping("/api/finance")
@Tag(name = "Finance")
class PriceController {
    private static final Logger log = LoggerFactory.getLogger(PriceController.class);
    private static final int MAX_NAME = 80;
    private static final int MAX_NOTE = 500;
    private static final int PLACES = 12;
    private static final int SHOWN_CHANGES = 100;
    private static final BigDecimal DEAREST_USD = BigDecimal.valueOf(1_000);
    private static final List<String> VERDICTS = List.of("accepted", "refused");

    private final Prices prices;
    private final Clock clock;

    PriceController(Prices prices, Clock clock) {
        this.prices = prices;
        this.clock = clock;
    }

    @Schema(name = "BookedPrice")
    @JsonInclude(JsonInclude.Include.NON_NULL)
    record PriceView(
            String vendor,
            String operation,

            @Schema(description = "Empty: any model without a price of its own")
            String model,

            String unit,

            @Schema(description = "Absent: from then on there is no price") @Nullable
            BigDecimal usd,

            Instant validFrom,

            @Schema(description = "Absent while it is the latest") @Nullable
            Instant validUntil,

            @Schema(description = "api, manual or inferred") String source,

            String note) {
        static PriceView of(BookedPrice price) {
            return new PriceView(
                    price.vendor(),
                    price.operation(),
                    price.model(),
                    price.unit(),
                    usdOf(price.unitPrice()),
                    price.validFrom(),
                    price.validUntil(),
                    price.source(),
                    price.note());
        }
    }

    @Schema(name = "PriceBook")
    record BookView(Instant at, List<PriceView> prices) {}

    @Schema(name = "NewPrice")
    record NewPrice(
            @Schema(example = "deepgram") @Nullable String vendor,
            @Schema(example = "listen") @Nullable String operation,

            @Schema(description = "Any model without a price of its own when absent") @Nullable
            String model,

            @Schema(example = "minute") @Nullable String unit,

            @Schema(description = "Dollars a unit, at most 12 places") @Nullable
            BigDecimal usd,

            @Nullable String note) {}

    @Schema(name = "PriceChange", description = "A price the vendor states, a fifth or more away from ours")
    @JsonInclude(JsonInclude.Include.NON_NULL)
    record ChangeView(
            String id,
            String vendor,
            String operation,
            String model,
            String unit,

            @Schema(description = "In force until you decide; absent: there was none") @Nullable
            BigDecimal oldUsd,

            BigDecimal newUsd,
            String note,
            Instant readAt,

            @Schema(description = "pending, accepted, refused or withdrawn (the vendor states another since)")
            String state,

            @Nullable Instant decidedAt,
            @Nullable String decisionNote) {
        static ChangeView of(PriceChange change) {
            return new ChangeView(
                    Long.toString(change.id()),
                    change.vendor(),
                    change.operation(),
                    change.model(),
                    change.unit(),
                    usdOf(change.oldPrice()),
                    change.newPrice().usd(),
                    change.note(),
                    change.readAt(),
                    change.state().name().toLowerCase(Locale.ROOT),
                    change.decidedAt(),
                    change.decisionNote());
        }
    }

    @Schema(name = "PriceChanges")
    record ChangesView(List<ChangeView> changes) {}

    @Schema(name = "PriceDecision")
    record Decision(
            @Schema(description = "accepted or refused") @Nullable
            String verdict,

            @Nullable String note) {}

    @GetMapping("/prices")
    @Operation(operationId = "listPrices", summary = "What vendors ask for, now or with all that was")
    Mono<BookView> book(@RequestParam(defaultValue = "false") boolean history) {
        Instant now = clock.instant();
        return prices.book(history, now).map(PriceView::of).collectList().map(all -> new BookView(now, all));
    }

    @PostMapping("/prices")
    @Operation(
            operationId = "enterPrice",
            summary = "Enter a price that no API states",
            description =
                    "In force from now on; what was booked before stays as it was. The same again changes nothing.")
    @MayAnswer({
        ProblemCode.FIELD_REQUIRED,
        ProblemCode.TEXT_TOO_SHORT,
        ProblemCode.TEXT_TOO_LONG,
        ProblemCode.TEXT_NOT_UNICODE,
        ProblemCode.AMOUNT_OUT_OF_RANGE
    })
    Mono<BookView> enter(@RequestBody NewPrice body, @CurrentCaller Caller caller) {
        Checks checks = new Checks();
        String vendor = checks.text("vendor", body.vendor(), 1, MAX_NAME);
        String operation = checks.text("operation", body.operation(), 1, MAX_NAME);
        String model = checks.optionalText("model", body.model(), MAX_NAME, ProblemCode.TEXT_TOO_LONG);
        String unit = checks.text("unit", body.unit(), 1, MAX_NAME);
        String note = checks.text("note", body.note(), 1, MAX_NOTE);
        BigDecimal usd = body.usd();
        if (usd == null) {
            checks.reject("usd", ProblemCode.FIELD_REQUIRED, "The field 'usd' is required.");
        } else if (usd.signum() < 0
                || usd.compareTo(DEAREST_USD) > 0
                || usd.stripTrailingZeros().scale() > PLACES) {
            checks.reject(
                    "usd",
                    ProblemCode.AMOUNT_OUT_OF_RANGE,
                    "'usd' must be 0 to " + DEAREST_USD + " with at most " + PLACES + " places.",
                    DEAREST_USD);
        }
        checks.done();
        UnitPrice price = new UnitPrice(usd == null ? BigDecimal.ZERO : usd);
        return prices.enter(vendor, operation, model, unit, price, note, caller.id(), clock.instant())
                .doOnNext(entered ->
                        log.info("price of {} {} entered by {}: {}", vendor, operation, caller.id(), entered))
                .then(Mono.defer(() -> book(false)));
    }

    @GetMapping("/price-changes")
    @Operation(
            operationId = "listPriceChanges",
            summary = "Changes of a fifth or more: those that wait first, then the latest decided")
    Mono<ChangesView> changes() {
        return prices.changes(SHOWN_CHANGES).map(ChangeView::of).collectList().map(ChangesView::new);
    }

    @PostMapping("/price-changes/{id}/decide")
    @Operation(
            operationId = "decidePriceChange",
            summary = "Accept or refuse a price",
            description =
                    "Accepted, it is in force from now on. Refused, the old one stays, and this price is not asked"
                            + " about again. The first decision stands; the same again is the same.")
    @MayAnswer({
        ProblemCode.VALUE_NOT_OFFERED,
        ProblemCode.TEXT_TOO_SHORT,
        ProblemCode.TEXT_TOO_LONG,
        ProblemCode.TEXT_NOT_UNICODE,
        ProblemCode.PRICE_CHANGE_DECIDED
    })
    Mono<ChangeView> decide(@PathVariable String id, @RequestBody Decision body, @CurrentCaller Caller caller) {
        Checks checks = new Checks();
        if (body.verdict() == null || !VERDICTS.contains(body.verdict())) {
            checks.reject("verdict", ProblemCode.VALUE_NOT_OFFERED, "'verdict' is accepted or refused.", VERDICTS);
        }
        String note = checks.text("note", body.note(), 1, MAX_NOTE);
        checks.done();
        if (!id.matches("[0-9]{1,18}")) {
            throw ProblemException.notFound("price change");
        }
        long number = Long.parseLong(id);
        return prices.decide(number, caller.id(), "accepted".equals(body.verdict()), note, clock.instant())
                .doOnNext(outcome -> log.info("price change {} decided by {}: {}", number, caller.id(), outcome))
                .flatMap(outcome -> switch (outcome) {
                    case ACCEPTED, REFUSED, REPEATED -> prices.change(number).map(ChangeView::of);
                    case CONFLICT ->
                        Mono.error(ProblemException.of(
                                ProblemCode.PRICE_CHANGE_DECIDED,
                                "This change has been decided otherwise, or the vendor states another price since."));
                    case UNKNOWN_CHANGE -> Mono.error(ProblemException.notFound("price change"));
                });
    }

    private static @Nullable BigDecimal usdOf(@Nullable UnitPrice price) {
        return price == null ? null : price.usd();
    }
}
