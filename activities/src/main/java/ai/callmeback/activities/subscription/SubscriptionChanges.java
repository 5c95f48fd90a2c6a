package ai.callmeback.activities.subscription;

import ai.callmeback.activities.purchase.Waiting;
import ai.callmeback.db.purchase.Catalogue;
import ai.callmeback.db.purchase.MoneyCases;
import ai.callmeback.db.purchase.Product;
import ai.callmeback.db.subscription.Period;
import ai.callmeback.db.subscription.Subscription;
import ai.callmeback.db.subscription.SubscriptionOrder;
import ai.callmeback.db.subscription.SubscriptionOrders;
import ai.callmeback.domain.subscription.SubscriptionStatus;
import ai.callmeback.vendors.VendorFault;
import ai.callmeback.vendors.payment.ChangeOutcome;
import ai.callmeback.vendors.payment.PlanChange;
import ai.callmeback.vendors.payment.SubscriptionPayments;
import io.temporal.failure.ApplicationFailure;
import java.time.InstantSource;
import java.util.Optional;
import org.springframework.stereotype.Component;

/**
 * Carries out what people want changed, at the vendor. A bigger plan than the present period was paid for comes at once, for
 * the difference of the rest; any other with the next period, and nothing is given back.
 */
@Component
final class SubscriptionChanges {
    private static final int PAYMENT_REQUIRED = 402;

    private final SubscriptionOrders orders;
    private final SubscriptionBooks books;
    private final Catalogue catalogue;
    private final SubscriptionPayments payments;
    private final MoneyCases cases;
    private final InstantSource clock;

    SubscriptionChanges(
            SubscriptionOrders orders,
            SubscriptionBooks books,
            Catalogue catalogue,
            SubscriptionPayments payments,
            MoneyCases cases,
            InstantSource clock) {
        this.orders = orders;
        this.books = books;
        this.catalogue = catalogue;
        this.payments = payments;
        this.cases = cases;
        this.clock = clock;
    }

    void carryOut(Subscription subscription) {
        for (SubscriptionOrder order :
                Waiting.of(orders.waiting(subscription.id()).collectList())) {
            String vendorId = subscription.vendorId();
            boolean running = subscription.status() == SubscriptionStatus.ACTIVE
                    || subscription.status() == SubscriptionStatus.PAST_DUE;
            if (vendorId == null || !running) {
                Waiting.done(orders.over(order.id(), "not_running", clock.instant()));
            } else {
                over(order, change(subscription, order, vendorId));
            }
        }
    }

    private ChangeOutcome change(Subscription subscription, SubscriptionOrder order, String vendorId) {
        String id = order.id().toString();
        return switch (order.kind()) {
            case CANCEL -> payments.endAtPeriodEnd(id, vendorId, true);
            case RESUME -> payments.endAtPeriodEnd(id, vendorId, false);
            case CHANGE_PLAN -> {
                Product to = Waiting.of(catalogue.find(String.valueOf(order.planCode())));
                Optional<Product> paid = books.periods(subscription.id()).stream()
                        .findFirst()
                        .map(Period::planCode)
                        .map(code -> Waiting.of(catalogue.find(code)));
                yield payments.change(new PlanChange(
                        id,
                        vendorId,
                        SubscriptionActivitiesImpl.shelfItem(to),
                        paid.filter(plan -> plan.price().compareTo(to.price()) < 0)
                                .map(SubscriptionActivitiesImpl::shelfItem)
                                .orElse(null)));
            }
        };
    }

    private void over(SubscriptionOrder order, ChangeOutcome outcome) {
        switch (outcome) {
            case ChangeOutcome.Done done -> Waiting.done(orders.over(order.id(), null, clock.instant()));
            case ChangeOutcome.Refused refused ->
                Waiting.done(orders.over(order.id(), reason(order, refused.fault()), clock.instant()));
            case ChangeOutcome.Unknown unknown ->
                throw ApplicationFailure.newFailure(
                        "no change: " + unknown.fault().kind(), "payment_vendor");
        }
    }

    private String reason(SubscriptionOrder order, VendorFault fault) {
        if (fault.status() == PAYMENT_REQUIRED) {
            return "payment_declined";
        }
        Waiting.of(cases.open(
                "subscription_change_refused",
                "subscription order " + order.id(),
                "HTTP " + fault.status() + " " + fault.code(),
                clock.instant()));
        return "refused_by_vendor";
    }
}
