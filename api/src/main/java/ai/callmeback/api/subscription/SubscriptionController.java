package ai.callmeback.api.subscription;

import ai.callmeback.api.auth.Caller;
import ai.callmeback.api.auth.CurrentCaller;
import ai.callmeback.api.problem.FieldProblem;
import ai.callmeback.api.problem.ProblemCode;
import ai.callmeback.api.problem.ProblemException;
import ai.callmeback.api.web.Checks;
import ai.callmeback.api.web.IdempotencyKeys;
import ai.callmeback.db.purchase.Catalogue;
import ai.callmeback.db.subscription.Period;
import ai.callmeback.db.subscription.PlanCalls;
import ai.callmeback.db.subscription.Subscription;
import ai.callmeback.db.subscription.SubscriptionOrder;
import ai.callmeback.db.subscription.SubscriptionOrders;
import ai.callmeback.db.subscription.SubscriptionOutcome;
import ai.callmeback.db.subscription.SubscriptionPeriods;
import ai.callmeback.db.subscription.Subscriptions;
import ai.callmeback.domain.subscription.SubscriptionId;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.Parameter;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.tags.Tag;
import java.net.URI;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
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

/** Subscriptions of the caller; another's is 404, the same as none. */
@RestController
@RequestMapping("/api/subscriptions")
@Tag(name = "Subscriptions")
class SubscriptionController {
    private static final int SHOWN = 10;
    private static final int PERIODS_SHOWN = 24;
    private static final int LONGEST_CODE = 64;

    private final Subscriptions subscriptions;
    private final SubscriptionOrders orders;
    private final SubscriptionPeriods periods;
    private final PlanCalls plans;
    private final Catalogue catalogue;
    private final Clock clock;

    SubscriptionController(
            Subscriptions subscriptions,
            SubscriptionOrders orders,
            SubscriptionPeriods periods,
            PlanCalls plans,
            Catalogue catalogue,
            Clock clock) {
        this.subscriptions = subscriptions;
        this.orders = orders;
        this.periods = periods;
        this.plans = plans;
        this.catalogue = catalogue;
        this.clock = clock;
    }

    @Schema(name = "PlanWish")
    record Request(
            @Schema(description = "A product of kind plan, of /api/catalogue.") @Nullable
            String plan) {}

    @Schema(name = "Subscriptions")
    record ListView(List<SubscriptionView> subscriptions) {}

    @PostMapping
    @Operation(
            operationId = "createSubscription",
            summary = "Begin a subscription",
            description = "Answers 202 once the wish is kept; poll the subscription until it has a checkoutUrl. A plan"
                    + " that was chosen before and not paid gives way. A repeat with the same Idempotency-Key answers"
                    + " the same subscription.")
    Mono<ResponseEntity<SubscriptionView>> create(
            @RequestBody Request body,
            @Parameter(description = IdempotencyKeys.RULE)
                    @RequestHeader(name = IdempotencyKeys.HEADER, required = false)
                    @Nullable
                    String idempotencyKey,
            @CurrentCaller Caller caller) {
        String key = IdempotencyKeys.checked(idempotencyKey);
        return subscriptions
                .accept(new SubscriptionId(UUID.randomUUID()), caller.id(), plan(body), key, clock.instant())
                .map(SubscriptionController::idOf)
                .flatMap(id -> owned(caller, id))
                .flatMap(this::view)
                .map(view -> ResponseEntity.accepted()
                        .location(URI.create("/api/subscriptions/" + view.id()))
                        .body(view));
    }

    @GetMapping
    @Operation(operationId = "listSubscriptions", summary = "The caller's subscriptions, newest first")
    Mono<ListView> list(@CurrentCaller Caller caller) {
        return subscriptions
                .list(caller.id(), SHOWN)
                .concatMap(this::view)
                .collectList()
                .map(ListView::new);
    }

    @GetMapping("/{id}")
    @Operation(operationId = "getSubscription", summary = "One subscription, its period and what is left of it")
    Mono<SubscriptionView> get(@PathVariable String id, @CurrentCaller Caller caller) {
        return owned(caller, parsed(id)).flatMap(this::view);
    }

    @PostMapping("/{id}/plan")
    @Operation(
            operationId = "changePlan",
            summary = "Change the plan",
            description =
                    "A bigger plan than the present period was paid for comes at once: the difference for the rest"
                            + " of the period is charged, and brings its part of talk and calls. Any other comes with the next"
                            + " period. See lastChange for what became of it.")
    Mono<ResponseEntity<SubscriptionView>> changePlan(
            @PathVariable String id,
            @RequestBody Request body,
            @RequestHeader(name = IdempotencyKeys.HEADER, required = false) @Nullable String idempotencyKey,
            @CurrentCaller Caller caller) {
        return order(caller, id, SubscriptionOrder.Kind.CHANGE_PLAN, body, idempotencyKey);
    }

    @PostMapping("/{id}/cancel")
    @Operation(operationId = "cancelSubscription", summary = "End it with its period")
    Mono<ResponseEntity<SubscriptionView>> cancel(
            @PathVariable String id,
            @RequestHeader(name = IdempotencyKeys.HEADER, required = false) @Nullable String idempotencyKey,
            @CurrentCaller Caller caller) {
        return order(caller, id, SubscriptionOrder.Kind.CANCEL, null, idempotencyKey);
    }

    @PostMapping("/{id}/resume")
    @Operation(operationId = "resumeSubscription", summary = "Let it renew after all")
    Mono<ResponseEntity<SubscriptionView>> resume(
            @PathVariable String id,
            @RequestHeader(name = IdempotencyKeys.HEADER, required = false) @Nullable String idempotencyKey,
            @CurrentCaller Caller caller) {
        return order(caller, id, SubscriptionOrder.Kind.RESUME, null, idempotencyKey);
    }

    /** Whose it is comes first: a stranger learns nothing from what else is wrong. */
    private Mono<ResponseEntity<SubscriptionView>> order(
            Caller caller,
            String id,
            SubscriptionOrder.Kind kind,
            @Nullable Request wish,
            @Nullable String idempotencyKey) {
        return owned(caller, parsed(id))
                .flatMap(subscription -> orders.accept(
                                UUID.randomUUID(),
                                subscription.id(),
                                kind,
                                wish == null ? null : plan(wish),
                                IdempotencyKeys.checked(idempotencyKey),
                                clock.instant())
                        .doOnNext(SubscriptionController::check)
                        .then(Mono.defer(() -> owned(caller, subscription.id()))))
                .flatMap(this::view)
                .map(view -> ResponseEntity.accepted().body(view));
    }

    private static void check(SubscriptionOrders.Accepted accepted) {
        switch (accepted) {
            case ORDERED, REPEATED, NOTHING -> {
                // As asked.
            }
            case CONFLICT -> throw IdempotencyKeys.conflict();
            case UNKNOWN_PRODUCT -> throw unknownPlan();
            case NOT_A_PLAN -> throw notAPlan();
            case SAME_PLAN ->
                throw problem("plan", ProblemCode.SAME_PLAN, "The subscription is for this plan already.");
            case STATE ->
                throw ProblemException.of(
                        ProblemCode.SUBSCRIPTION_STATE_CONFLICT,
                        "Only a subscription that runs and is paid can be changed.",
                        "See its status.");
        }
    }

    private static SubscriptionId idOf(SubscriptionOutcome outcome) {
        return switch (outcome) {
            case SubscriptionOutcome.Accepted accepted -> accepted.id();
            case SubscriptionOutcome.Repeated repeated -> repeated.id();
            case SubscriptionOutcome.Conflict conflict -> throw IdempotencyKeys.conflict();
            case SubscriptionOutcome.Refused refused ->
                throw switch (refused.reason()) {
                    case "exists" ->
                        ProblemException.of(
                                ProblemCode.SUBSCRIPTION_EXISTS,
                                "There is a subscription already.",
                                "Change its plan instead.");
                    case "not_a_plan" -> notAPlan();
                    default -> unknownPlan();
                };
        };
    }

    private Mono<Subscription> owned(Caller caller, SubscriptionId id) {
        return subscriptions
                .findOwned(caller.id(), id)
                .switchIfEmpty(Mono.error(() -> ProblemException.notFound("subscription")));
    }

    private Mono<SubscriptionView> view(Subscription subscription) {
        return Mono.zip(
                        periods.list(subscription.id(), PERIODS_SHOWN).collectList(),
                        plans.standing(subscription.userId(), clock.instant())
                                .map(Optional::of)
                                .defaultIfEmpty(Optional.empty()),
                        orders.latest(subscription.id()).map(Optional::of).defaultIfEmpty(Optional.empty()))
                .flatMap(facts -> catalogue
                        .find(facts.getT1().stream()
                                .findFirst()
                                .map(Period::planCode)
                                .orElse(subscription.planCode()))
                        .map(plan ->
                                SubscriptionView.of(subscription, facts.getT1(), facts.getT2(), facts.getT3(), plan)));
    }

    private static SubscriptionId parsed(String id) {
        try {
            return SubscriptionId.parse(id);
        } catch (IllegalArgumentException e) {
            throw ProblemException.notFound("subscription");
        }
    }

    private static String plan(Request body) {
        String plan = body.plan();
        if (plan == null || plan.isBlank() || plan.length() > LONGEST_CODE) {
            throw problem("plan", ProblemCode.FIELD_REQUIRED, "Name a plan of /api/catalogue.");
        }
        if (!Checks.storable(plan)) {
            throw unknownPlan();
        }
        return plan;
    }

    private static ProblemException unknownPlan() {
        return problem("plan", ProblemCode.UNKNOWN_PRODUCT, "Name a plan of /api/catalogue.");
    }

    private static ProblemException notAPlan() {
        return problem("plan", ProblemCode.NOT_A_PLAN, "This is sold singly; see /api/purchases.");
    }

    private static ProblemException problem(String field, ProblemCode code, String words) {
        return ProblemException.ofField(FieldProblem.of(field, code, words));
    }
}
