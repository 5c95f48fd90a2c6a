package ai.callmeback.api.finance;

import ai.callmeback.api.auth.Caller;
import ai.callmeback.api.auth.CurrentCaller;
import ai.callmeback.api.problem.MayAnswer;
import ai.callmeback.api.problem.ProblemCode;
import ai.callmeback.api.problem.ProblemException;
import ai.callmeback.api.web.Checks;
import ai.callmeback.api.web.IdempotencyKeys;
import ai.callmeback.db.purchase.NewRefundOrder;
import ai.callmeback.db.purchase.RefundOrder;
import ai.callmeback.db.purchase.RefundOrderOutcome;
import ai.callmeback.db.purchase.RefundOrders;
import ai.callmeback.domain.UsdMicros;
import ai.callmeback.domain.purchase.PurchaseId;
import com.fasterxml.jackson.annotation.JsonInclude;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.Parameter;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.tags.Tag;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.net.URI;
import java.time.Clock;
import java.time.Instant;
import java.util.Locale;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;
import reactor.core.publisher.Mono;

/** Refunds ordered by finance. The payment vendor is never asked here: the order's workflow does that. */
@RestController
@RequestMapping("/api/finance")
@Tag(name = "Finance")
class RefundController {
    private static final Logger log = LoggerFactory.getLogger(RefundController.class);
    private static final BigDecimal MAX_USD = BigDecimal.valueOf(100_000);
    private static final int MICRO_PLACES = 6;
    private static final int CENT_PLACES = 2;
    private static final int MAX_NOTE = 500;

    private final RefundOrders orders;
    private final Clock clock;

    RefundController(RefundOrders orders, Clock clock) {
        this.orders = orders;
        this.clock = clock;
    }

    @Schema(name = "NewRefund")
    record Request(
            @Schema(description = "In whole cents; all that is left of the payment when absent") @Nullable
            BigDecimal amountUsd,

            @Nullable String note) {}

    @Schema(name = "Refund")
    @JsonInclude(JsonInclude.Include.NON_NULL)
    record View(
            String id,
            String purchaseId,
            BigDecimal amountUsd,
            String note,

            @Schema(description = "ordered, issued (the vendor has taken it on) or failed")
            String status,

            @Nullable String statusReason,
            @Nullable String vendorRefundId,
            Instant createdAt) {
        static View of(RefundOrder order) {
            return new View(
                    order.id().toString(),
                    order.purchaseId().toString(),
                    order.amount().toUsd().setScale(CENT_PLACES, RoundingMode.UNNECESSARY),
                    order.note(),
                    order.status().name().toLowerCase(Locale.ROOT),
                    order.statusReason(),
                    order.vendorRefundId(),
                    order.createdAt());
        }
    }

    @PostMapping("/purchases/{id}/refunds")
    @Operation(
            operationId = "orderRefund",
            summary = "Give a payment back, wholly or in part",
            description =
                    "Answers 202 once the order is kept. A repeat with the same Idempotency-Key is the same order."
                            + " The credits go when the vendor says that the money went.")
    @MayAnswer({
        ProblemCode.IDEMPOTENCY_KEY_INVALID,
        ProblemCode.IDEMPOTENCY_CONFLICT,
        ProblemCode.AMOUNT_OUT_OF_RANGE,
        ProblemCode.TEXT_TOO_SHORT,
        ProblemCode.TEXT_TOO_LONG,
        ProblemCode.TEXT_NOT_UNICODE,
        ProblemCode.PURCHASE_NOT_PAID,
        ProblemCode.PAYMENT_DISPUTED,
        ProblemCode.REFUND_EXCEEDS_PAYMENT
    })
    Mono<ResponseEntity<View>> order(
            @PathVariable String id,
            @RequestBody Request body,
            @Parameter(description = IdempotencyKeys.RULE)
                    @RequestHeader(name = IdempotencyKeys.HEADER, required = false)
                    @Nullable
                    String idempotencyKey,
            @CurrentCaller Caller caller) {
        NewRefundOrder order = checked(purchaseId(id), body, IdempotencyKeys.checked(idempotencyKey), caller);
        return orders.accept(order)
                .map(RefundController::accepted)
                .doOnNext(accepted -> log.info("refund {} of purchase {} ordered by {}", accepted, id, caller.id()))
                .flatMap(orders::find)
                .map(View::of)
                .map(view -> ResponseEntity.accepted()
                        .location(URI.create("/api/finance/refunds/" + view.id()))
                        .body(view));
    }

    @GetMapping("/refunds/{id}")
    @Operation(operationId = "getRefund", summary = "One refund ordered by finance")
    Mono<View> get(@PathVariable String id) {
        return orders.find(uuid(id, "refund"))
                .map(View::of)
                .switchIfEmpty(Mono.error(() -> ProblemException.notFound("refund")));
    }

    private NewRefundOrder checked(PurchaseId purchase, Request body, String key, Caller caller) {
        Checks checks = new Checks();
        BigDecimal usd = body.amountUsd();
        if (usd != null
                && (usd.signum() <= 0
                        || usd.compareTo(MAX_USD) > 0
                        || usd.stripTrailingZeros().scale() > CENT_PLACES)) {
            checks.reject(
                    "amountUsd",
                    ProblemCode.AMOUNT_OUT_OF_RANGE,
                    "'amountUsd' must be more than 0, in whole cents, and at most " + MAX_USD + ".",
                    MAX_USD);
        }
        String note = checks.text("note", body.note(), 1, MAX_NOTE);
        checks.done();
        UsdMicros amount = usd == null
                ? null
                : new UsdMicros(usd.movePointRight(MICRO_PLACES).longValueExact());
        return new NewRefundOrder(UUID.randomUUID(), purchase, caller.id(), key, amount, note, clock.instant());
    }

    private static UUID accepted(RefundOrderOutcome outcome) {
        return switch (outcome) {
            case RefundOrderOutcome.Accepted accepted -> accepted.id();
            case RefundOrderOutcome.Conflict conflict -> throw IdempotencyKeys.conflict();
            case RefundOrderOutcome.UnknownPurchase unknown -> throw ProblemException.notFound("purchase");
            case RefundOrderOutcome.NotPaid free ->
                throw ProblemException.of(ProblemCode.PURCHASE_NOT_PAID, "No payment was credited for this purchase.");
            case RefundOrderOutcome.Disputed disputed ->
                throw ProblemException.of(
                        ProblemCode.PAYMENT_DISPUTED,
                        "The bank has taken this payment back; a refund would pay it twice.",
                        "Answer the dispute at the payment vendor.");
            case RefundOrderOutcome.Exceeds exceeds ->
                throw ProblemException.of(
                        ProblemCode.REFUND_EXCEEDS_PAYMENT,
                        "Of this payment " + exceeds.left() + " are left to give back.");
        };
    }

    private static PurchaseId purchaseId(String id) {
        return new PurchaseId(uuid(id, "purchase"));
    }

    private static UUID uuid(String id, String what) {
        try {
            return UUID.fromString(id);
        } catch (IllegalArgumentException e) {
            throw ProblemException.notFound(what);
        }
    }
}
