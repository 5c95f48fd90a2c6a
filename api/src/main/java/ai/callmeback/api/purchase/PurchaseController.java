package ai.callmeback.api.purchase;

import ai.callmeback.api.auth.Caller;
import ai.callmeback.api.auth.CurrentCaller;
import ai.callmeback.api.problem.FieldProblem;
import ai.callmeback.api.problem.ProblemCode;
import ai.callmeback.api.problem.ProblemException;
import ai.callmeback.api.web.Checks;
import ai.callmeback.api.web.IdempotencyKeys;
import ai.callmeback.db.purchase.NewPurchase;
import ai.callmeback.db.purchase.Purchase;
import ai.callmeback.db.purchase.PurchaseOutcome;
import ai.callmeback.db.purchase.Purchases;
import ai.callmeback.domain.purchase.PurchaseId;
import com.fasterxml.jackson.annotation.JsonInclude;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.Parameter;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.tags.Tag;
import java.math.BigDecimal;
import java.net.URI;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;
import reactor.core.publisher.Mono;

/** Purchases of the caller; another's is 404, the same as none. */
@RestController
@RequestMapping("/api/purchases")
@Tag(name = "Purchases")
class PurchaseController {
    private static final int MAX_QUANTITY = 10;
    private static final int SHOWN = 50;

    private final Purchases purchases;
    private final Clock clock;

    PurchaseController(Purchases purchases, Clock clock) {
        this.purchases = purchases;
        this.clock = clock;
    }

    @Schema(name = "NewPurchase")
    record Request(
            @Nullable String product,
            @Nullable Integer quantity,
            @Nullable String coupon) {}

    @Schema(name = "Purchase")
    @JsonInclude(JsonInclude.Include.NON_NULL)
    record View(
            String id,
            String product,
            String title,
            int quantity,
            BigDecimal amountUsd,
            long seconds,
            long bonusSeconds,

            @Schema(description = "new, open, processing, credited, completed, expired, failed or case")
            String status,

            @Nullable String statusReason,

            @Schema(description = "Where to pay; there once the status is open.") @Nullable
            String checkoutUrl,

            @Nullable Instant checkoutExpiresAt,

            @Schema(description = "Bought by the auto top-up, with the saved card")
            boolean automatic,

            Instant createdAt) {
        static View of(Purchase purchase) {
            boolean payable =
                    purchase.status() == ai.callmeback.domain.purchase.PurchaseStatus.OPEN && !purchase.isTopUp();
            return new View(
                    purchase.id().toString(),
                    purchase.productCode(),
                    purchase.productTitle(),
                    purchase.quantity(),
                    CatalogueController.dollars(purchase.amount().toUsd()),
                    purchase.credits().seconds(),
                    purchase.bonus().seconds(),
                    purchase.status().name().toLowerCase(Locale.ROOT),
                    purchase.statusReason(),
                    payable ? purchase.checkoutUrl() : null,
                    payable ? purchase.checkoutExpiresAt() : null,
                    purchase.isTopUp(),
                    purchase.createdAt());
        }
    }

    @Schema(name = "Purchases")
    record ListView(List<View> purchases) {}

    @PostMapping
    @Operation(
            operationId = "createPurchase",
            summary = "Buy something",
            description =
                    "Answers 202 once the wish is kept; poll the purchase until it has a checkoutUrl. A repeat with"
                            + " the same Idempotency-Key answers the same purchase; another wish under it is a conflict.")
    Mono<ResponseEntity<View>> create(
            @RequestBody Request body,
            @Parameter(description = IdempotencyKeys.RULE)
                    @RequestHeader(name = IdempotencyKeys.HEADER, required = false)
                    @Nullable
                    String idempotencyKey,
            @CurrentCaller Caller caller) {
        return purchases
                .accept(checked(body, idempotencyKey, caller))
                .map(PurchaseController::idOf)
                .flatMap(id -> owned(caller, id))
                .map(view -> ResponseEntity.accepted()
                        .location(URI.create("/api/purchases/" + view.id()))
                        .body(view));
    }

    @GetMapping("/{id}")
    @Operation(operationId = "getPurchase", summary = "One purchase")
    Mono<View> get(@PathVariable String id, @CurrentCaller Caller caller) {
        try {
            return owned(caller, PurchaseId.parse(id));
        } catch (IllegalArgumentException e) {
            return Mono.error(ProblemException.notFound("purchase"));
        }
    }

    @GetMapping
    @Operation(operationId = "listPurchases", summary = "The caller's latest purchases, newest first")
    Mono<ListView> list(@CurrentCaller Caller caller) {
        return purchases.list(caller.id(), SHOWN).map(View::of).collectList().map(ListView::new);
    }

    private Mono<View> owned(Caller caller, PurchaseId id) {
        return purchases
                .findOwned(caller.id(), id)
                .map(View::of)
                .switchIfEmpty(Mono.error(() -> ProblemException.notFound("purchase")));
    }

    private NewPurchase checked(Request body, @Nullable String idempotencyKey, Caller caller) {
        String key = IdempotencyKeys.checked(idempotencyKey);
        String product = body.product();
        if (product == null || product.isBlank() || product.length() > 64) {
            throw problem("product", ProblemCode.FIELD_REQUIRED, "Name a product of /api/catalogue.");
        }
        if (!Checks.storable(product)) {
            throw problem("product", ProblemCode.UNKNOWN_PRODUCT, "There is no such product; see /api/catalogue.");
        }
        int quantity = body.quantity() == null ? 1 : body.quantity();
        if (quantity < 1 || quantity > MAX_QUANTITY) {
            throw ProblemException.ofField(new FieldProblem(
                    "quantity",
                    ProblemCode.QUANTITY_OUT_OF_RANGE,
                    "'quantity' must be 1 to " + MAX_QUANTITY + ".",
                    MAX_QUANTITY));
        }
        String coupon = body.coupon() == null || body.coupon().isBlank()
                ? null
                : body.coupon().strip().toUpperCase(Locale.ROOT);
        if (coupon != null && !coupon.matches("[A-Z0-9]{3,32}")) {
            throw unknownCoupon();
        }
        return new NewPurchase(
                new PurchaseId(UUID.randomUUID()), caller.id(), product, quantity, coupon, key, clock.instant());
    }

    private static PurchaseId idOf(PurchaseOutcome outcome) {
        return switch (outcome) {
            case PurchaseOutcome.Accepted accepted -> accepted.id();
            case PurchaseOutcome.Repeated repeated -> repeated.id();
            case PurchaseOutcome.Conflict conflict -> throw IdempotencyKeys.conflict();
            case PurchaseOutcome.Refused refused ->
                throw switch (refused.reason()) {
                    case "unknown_coupon" -> unknownCoupon();
                    case "coupon_used" ->
                        problem("coupon", ProblemCode.COUPON_USED, "This coupon has been used already.");
                    case "not_sold_singly" ->
                        problem("product", ProblemCode.PRODUCT_NOT_SOLD_SINGLY, "A plan is a subscription.");
                    default -> problem("product", ProblemCode.UNKNOWN_PRODUCT, "Name a product of /api/catalogue.");
                };
        };
    }

    private static ProblemException unknownCoupon() {
        return problem("coupon", ProblemCode.UNKNOWN_COUPON, "There is no such coupon, or it is over.");
    }

    private static ProblemException problem(String field, ProblemCode code, String words) {
        return ProblemException.ofField(FieldProblem.of(field, code, words));
    }
}
