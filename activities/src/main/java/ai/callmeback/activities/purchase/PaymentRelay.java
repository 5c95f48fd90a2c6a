package ai.callmeback.activities.purchase;

import ai.callmeback.db.purchase.PaymentEvent;
import ai.callmeback.db.purchase.PaymentEvents;
import ai.callmeback.db.purchase.Purchases;
import ai.callmeback.db.purchase.RefundOrders;
import ai.callmeback.db.subscription.Subscriptions;
import ai.callmeback.domain.purchase.PurchaseId;
import ai.callmeback.domain.subscription.SubscriptionId;
import ai.callmeback.domain.topup.CardSetupId;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.UUID;
import java.util.function.Consumer;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * Starts the workflows of purchases, subscriptions and ordered refunds, and tells them of the payment vendor's events. An event is
 * marked applied last, so a death anywhere repeats it; what an event is about is only named, never believed.
 */
@Component
public class PaymentRelay {
    private static final Logger log = LoggerFactory.getLogger(PaymentRelay.class);
    private static final int BATCH = 50;
    private static final Duration LEASE = Duration.ofSeconds(30);
    private static final Duration START_AGAIN = Duration.ofSeconds(1);
    /** A running subscription looks by itself; this is for one whose workflow was lost. */
    private static final Duration LOOK_AGAIN_SUBSCRIPTION = Duration.ofHours(6);
    /** What is not over is made sure of this often, whatever became of Temporal. */
    private static final Duration LOOK_AGAIN = Duration.ofMinutes(10);

    private final Purchases purchases;
    private final RefundOrders refunds;
    private final Subscriptions subscriptions;
    private final PaymentEvents events;
    private final PurchaseStarter starter;
    private final SubscriptionSigns subscriptionSigns;
    private final CardSetupSigns cardSetupSigns;
    private final InstantSource clock;

    PaymentRelay(
            Purchases purchases,
            RefundOrders refunds,
            Subscriptions subscriptions,
            PaymentEvents events,
            PurchaseStarter starter,
            SubscriptionSigns subscriptionSigns,
            CardSetupSigns cardSetupSigns,
            InstantSource clock) {
        this.purchases = purchases;
        this.refunds = refunds;
        this.subscriptions = subscriptions;
        this.events = events;
        this.starter = starter;
        this.subscriptionSigns = subscriptionSigns;
        this.cardSetupSigns = cardSetupSigns;
        this.clock = clock;
    }

    /** Answers how much was done. */
    public int round() {
        return startPurchases() + startRefunds() + moveSubscriptions() + applyEvents();
    }

    private int startPurchases() {
        return start(
                purchases.due(BATCH, LOOK_AGAIN, clock.instant()), starter::start, id -> purchases.dueAt(id, again()));
    }

    private int startRefunds() {
        return start(
                refunds.due(BATCH, LOOK_AGAIN, clock.instant()),
                id -> starter.order(id.toString()),
                id -> refunds.dueAt(id, again()));
    }

    /** Also those whose person wants something changed. */
    private int moveSubscriptions() {
        return start(
                subscriptions.due(BATCH, LOOK_AGAIN_SUBSCRIPTION, clock.instant()),
                subscriptionSigns::moved,
                id -> subscriptions.dueAt(id, again()));
    }

    private <T> int start(Flux<T> due, Consumer<T> start, Function<T, Mono<Void>> later) {
        int started = 0;
        for (T id : Waiting.of(due.collectList())) {
            try {
                start.accept(id);
                started++;
            } catch (RuntimeException e) {
                log.warn("{} could not be started yet: {}", id, e.getClass().getSimpleName());
                Waiting.done(later.apply(id));
            }
        }
        return started;
    }

    private Instant again() {
        return clock.instant().plus(START_AGAIN);
    }

    private int applyEvents() {
        int applied = 0;
        for (PaymentEvent event :
                Waiting.of(events.lease(BATCH, LEASE, clock.instant()).collectList())) {
            try {
                apply(event);
                Waiting.done(events.applied(event.eventId(), clock.instant()));
                applied++;
            } catch (RuntimeException e) {
                String error = e.getClass().getSimpleName();
                log.warn("payment event {} could not be applied yet: {}", event.eventId(), error);
                Waiting.done(events.failed(event.eventId(), error, clock.instant()));
            }
        }
        return applied;
    }

    private void apply(PaymentEvent event) {
        UUID purchase = event.purchaseId();
        UUID subscription = event.subscriptionId();
        UUID cardSetup = event.cardSetupId();
        if (event.type().startsWith("refund.")) {
            starter.refundMoved(event.objectId());
        } else if (event.type().startsWith("charge.dispute.")) {
            starter.disputeMoved(event.objectId());
        } else if (purchase != null
                && Waiting.find(purchases.find(new PurchaseId(purchase))).isPresent()) {
            starter.moved(new PurchaseId(purchase));
        } else if (subscription != null
                && Waiting.find(subscriptions.find(new SubscriptionId(subscription)))
                        .isPresent()) {
            subscriptionSigns.moved(new SubscriptionId(subscription));
        } else if (cardSetup == null || !cardSetupSigns.moved(new CardSetupId(cardSetup))) {
            log.info("payment event {} ({}) concerns nothing of ours", event.eventId(), event.type());
        }
    }
}
