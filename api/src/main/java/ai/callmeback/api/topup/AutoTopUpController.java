package ai.callmeback.api.topup;

import ai.callmeback.api.auth.Caller;
import ai.callmeback.api.auth.CurrentCaller;
import ai.callmeback.api.problem.FieldProblem;
import ai.callmeback.api.problem.MayAnswer;
import ai.callmeback.api.problem.ProblemCode;
import ai.callmeback.api.problem.ProblemException;
import ai.callmeback.api.web.Checks;
import ai.callmeback.db.topup.AutoTopUpChoice;
import ai.callmeback.db.topup.AutoTopUps;
import ai.callmeback.db.topup.ChoiceOutcome;
import ai.callmeback.domain.Credits;
import ai.callmeback.domain.UsdMicros;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.tags.Tag;
import java.math.BigDecimal;
import java.time.Clock;
import org.jspecify.annotations.Nullable;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PutMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;
import reactor.core.publisher.Mono;

/** Packs bought by themselves below a threshold; each caller has one such arrangement, and sees no other's. */
@RestController
@RequestMapping("/api/auto-topup")
@Tag(name = "Purchases")
class AutoTopUpController {
    private static final int LONGEST_CODE = 64;
    private static final int MAX_MINUTES = 600;
    private static final int CENT_PLACES = 2;
    private static final int MICRO_PLACES = 6;
    private static final long SECONDS_PER_MINUTE = 60;
    private static final BigDecimal MAX_USD = BigDecimal.valueOf(1_000);

    private final AutoTopUps topUps;
    private final Clock clock;

    AutoTopUpController(AutoTopUps topUps, Clock clock) {
        this.topUps = topUps;
        this.clock = clock;
    }

    @Schema(name = "AutoTopUpChoice")
    record Request(
            @Schema(description = "A product of kind pack, of /api/catalogue.", example = "pack_25") @Nullable
            String product,

            @Schema(
                    description = "Buy when fewer minutes are available: 1 to the minutes of the pack, at most 600.",
                    example = "5")
            @Nullable
            Integer thresholdMinutes,

            @Schema(
                    description =
                            "What may be bought in a calendar month, UTC: in whole cents, at least the pack's price,"
                                    + " at most 1000.",
                    example = "50.00")
            @Nullable
            BigDecimal monthlyCapUsd,

            @Schema(description = "Must be true: the caller agrees that the saved card is charged while away.")
            @Nullable
            Boolean consent,

            @Schema(description = "Save another card, though there is one; the old one serves until then.") @Nullable
            Boolean newCard) {}

    @GetMapping
    @Operation(operationId = "getAutoTopUp", summary = "The auto top-up, its card, this month and the last purchase")
    Mono<AutoTopUpView> get(@CurrentCaller Caller caller) {
        return topUps.find(caller.id(), clock.instant()).map(AutoTopUpView::of).defaultIfEmpty(AutoTopUpView.none());
    }

    @PutMapping
    @Operation(
            operationId = "setAutoTopUp",
            summary = "Switch auto top-up on, or change it",
            description =
                    "Without a saved card the status is awaiting_card; poll until there is a cardSetupUrl, where one is"
                            + " saved. When fewer minutes than the threshold are available, after a hold or a settlement, one pack is"
                            + " bought with it, never two at a time, and never beyond the cap: what would pass it is not bought, and an"
                            + " e-mail says so once a month. A card that is declined, or whose bank wants to ask its owner, is not"
                            + " tried again: the status is needs_attention until this is sent again, with this card or a new one. A"
                            + " repeat changes nothing.")
    @MayAnswer({
        ProblemCode.UNKNOWN_PRODUCT,
        ProblemCode.THRESHOLD_OUT_OF_RANGE,
        ProblemCode.AMOUNT_OUT_OF_RANGE,
        ProblemCode.CONSENT_REQUIRED
    })
    Mono<AutoTopUpView> put(@RequestBody Request body, @CurrentCaller Caller caller) {
        return topUps.set(checked(body, caller))
                .doOnNext(AutoTopUpController::refuse)
                .then(Mono.defer(() -> get(caller)));
    }

    @DeleteMapping
    @Operation(
            operationId = "switchOffAutoTopUp",
            summary = "Switch auto top-up off, at once",
            description =
                    "Nothing more is bought; a payment that is not made by now never is. The card is not kept: who switches"
                            + " on again saves one again.")
    Mono<AutoTopUpView> delete(@CurrentCaller Caller caller) {
        return topUps.switchOff(caller.id(), clock.instant()).then(Mono.defer(() -> get(caller)));
    }

    private AutoTopUpChoice checked(Request body, Caller caller) {
        Checks checks = new Checks();
        String product = checks.text("product", body.product(), 1, LONGEST_CODE);
        Integer minutes = body.thresholdMinutes();
        if (minutes == null) {
            checks.reject("thresholdMinutes", ProblemCode.FIELD_REQUIRED, "The field 'thresholdMinutes' is required.");
        } else if (minutes < 1 || minutes > MAX_MINUTES) {
            checks.reject(
                    "thresholdMinutes",
                    ProblemCode.THRESHOLD_OUT_OF_RANGE,
                    "'thresholdMinutes' must be 1 to " + MAX_MINUTES + ".",
                    MAX_MINUTES);
        }
        BigDecimal cap = body.monthlyCapUsd();
        if (cap == null) {
            checks.reject("monthlyCapUsd", ProblemCode.FIELD_REQUIRED, "The field 'monthlyCapUsd' is required.");
        } else if (cap.signum() <= 0
                || cap.compareTo(MAX_USD) > 0
                || cap.stripTrailingZeros().scale() > CENT_PLACES) {
            checks.reject(
                    "monthlyCapUsd",
                    ProblemCode.AMOUNT_OUT_OF_RANGE,
                    "'monthlyCapUsd' must be more than 0, in whole cents, and at most " + MAX_USD + ".",
                    MAX_USD);
        }
        if (!Boolean.TRUE.equals(body.consent())) {
            checks.reject(
                    "consent",
                    ProblemCode.CONSENT_REQUIRED,
                    "'consent' must be true: the card is charged while its owner is away.");
        }
        checks.done();
        return new AutoTopUpChoice(
                caller.id(),
                product,
                Credits.ofMinutes(minutes == null ? 0 : minutes),
                new UsdMicros(cap == null ? 0 : cap.movePointRight(MICRO_PLACES).longValueExact()),
                Boolean.TRUE.equals(body.newCard()),
                clock.instant());
    }

    private static void refuse(ChoiceOutcome outcome) {
        switch (outcome) {
            case ChoiceOutcome.Done done -> {
                // As chosen.
            }
            case ChoiceOutcome.NotAPack none ->
                throw problem("product", ProblemCode.UNKNOWN_PRODUCT, "Name a pack of /api/catalogue.", "pack");
            case ChoiceOutcome.ThresholdTooHigh high -> {
                long most = high.most().seconds() / SECONDS_PER_MINUTE;
                throw problem(
                        "thresholdMinutes",
                        ProblemCode.THRESHOLD_OUT_OF_RANGE,
                        "'thresholdMinutes' must be 1 to the " + most + " minutes of the pack.",
                        most);
            }
            case ChoiceOutcome.CapTooLow low -> {
                BigDecimal least = low.least().toUsd().setScale(CENT_PLACES);
                throw problem(
                        "monthlyCapUsd",
                        ProblemCode.AMOUNT_OUT_OF_RANGE,
                        "'monthlyCapUsd' must be at least the pack's price, " + least + ".",
                        least);
            }
        }
    }

    private static ProblemException problem(String field, ProblemCode code, String words, Object bound) {
        return ProblemException.ofField(new FieldProblem(field, code, words, bound));
    }
}
