package ai.callmeback.api.webhook;

import ai.callmeback.api.problem.ProblemCode;
import ai.callmeback.api.problem.ProblemException;
import ai.callmeback.db.purchase.MoneyCases;
import ai.callmeback.db.purchase.PaymentEvent;
import ai.callmeback.db.purchase.PaymentEvents;
import ai.callmeback.vendors.payment.StripeEvents;
import io.swagger.v3.oas.annotations.Hidden;
import java.time.Clock;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.http.HttpStatus;
import org.springframework.http.server.reactive.ServerHttpRequest;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;
import reactor.core.publisher.Mono;

/**
 * What Stripe tells us: verified over the raw bytes, stored once per event id, acknowledged. If the database does not
 * answer, neither do we with a success, and Stripe sends it again. Temporal takes no part.
 */
@RestController
@Hidden
class StripeWebhooks {
    private static final Logger log = LoggerFactory.getLogger(StripeWebhooks.class);
    private static final int MAX_BYTES = 512 * 1024;

    private final StripeEvents stripe;
    private final PaymentEvents events;
    private final MoneyCases cases;
    private final Clock clock;

    StripeWebhooks(StripeEvents stripe, PaymentEvents events, MoneyCases cases, Clock clock) {
        this.stripe = stripe;
        this.events = events;
        this.cases = cases;
        this.clock = clock;
    }

    @PostMapping("/webhooks/stripe")
    @ResponseStatus(HttpStatus.NO_CONTENT)
    Mono<Void> event(ServerHttpRequest request) {
        return RawBody.of(request, MAX_BYTES)
                .flatMap(body -> accept(body, request.getHeaders().getFirst("Stripe-Signature")));
    }

    private Mono<Void> accept(byte[] body, @Nullable String signature) {
        StripeEvents.Event event = stripe.verified(body, signature).orElseThrow(() -> {
            log.warn("payment webhook refused: signature missing, wrong or stale");
            return ProblemException.of(
                    ProblemCode.SIGNATURE_INVALID,
                    "This is not signed by the payment vendor within the last five minutes.",
                    "Check STRIPE_WEBHOOK_SECRET and the clock.");
        });
        if (!event.ours()) {
            // Acknowledged, or it would come for days; it is about money of another environment.
            return cases.open("other_environment", "event " + event.id(), event.type(), clock.instant())
                    .then();
        }
        return events.store(new PaymentEvent(
                        event.id(),
                        event.type(),
                        event.objectId(),
                        uuid(event.purchaseId()),
                        uuid(event.subscriptionId()),
                        uuid(event.cardSetupId()),
                        clock.instant()))
                .then();
    }

    /** Not one of our names: the event is kept and concerns nothing of ours. */
    private static @Nullable UUID uuid(@Nullable String text) {
        try {
            return text == null ? null : UUID.fromString(text);
        } catch (IllegalArgumentException e) {
            return null;
        }
    }
}
