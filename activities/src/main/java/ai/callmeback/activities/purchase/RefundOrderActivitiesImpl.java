package ai.callmeback.activities.purchase;

import ai.callmeback.db.purchase.MoneyCases;
import ai.callmeback.db.purchase.RefundOrder;
import ai.callmeback.db.purchase.RefundOrders;
import ai.callmeback.vendors.payment.Payments;
import ai.callmeback.vendors.payment.RefundOutcome;
import ai.callmeback.vendors.payment.RefundRequest;
import ai.callmeback.workflows.purchase.RefundOrderActivities;
import io.temporal.failure.ApplicationFailure;
import java.time.InstantSource;
import java.util.UUID;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.stereotype.Component;

/** Issues refunds of finance. What the vendor refuses for good is a case. */
@Component("refundOrderActivities")
final class RefundOrderActivitiesImpl implements RefundOrderActivities {
    private final RefundOrders orders;
    private final Payments payments;
    private final MoneyCases cases;
    private final Consumer<String> watch;
    private final InstantSource clock;

    @Autowired
    RefundOrderActivitiesImpl(
            RefundOrders orders, Payments payments, MoneyCases cases, PurchaseStarter starter, InstantSource clock) {
        this(orders, payments, cases, starter::refundMoved, clock);
    }

    /** @param watch makes sure that the refund of this id has its workflow */
    RefundOrderActivitiesImpl(
            RefundOrders orders, Payments payments, MoneyCases cases, Consumer<String> watch, InstantSource clock) {
        this.orders = orders;
        this.payments = payments;
        this.cases = cases;
        this.watch = watch;
        this.clock = clock;
    }

    @Override
    public void issueRefund(String orderId) {
        UUID id = UUID.fromString(orderId);
        RefundOrder order = Waiting.of(orders.find(id));
        String issued = order.status() == RefundOrder.Status.ORDERED ? issue(order) : order.vendorRefundId();
        if (issued != null) {
            // The webhook may be lost: the credits go even if only this is left of the refund.
            watch.accept(issued);
            Waiting.done(orders.over(id));
        }
    }

    private @Nullable String issue(RefundOrder order) {
        RefundOutcome outcome = payments.issueRefund(new RefundRequest(
                order.id().toString(),
                order.paymentIntent(),
                order.amount().amountMicros() / PurchaseActivitiesImpl.MICROS_PER_CENT));
        return switch (outcome) {
            case RefundOutcome.Issued issued -> {
                Waiting.done(orders.issued(order.id(), issued.refundId(), clock.instant()));
                yield issued.refundId();
            }
            case RefundOutcome.Refused refused -> {
                Waiting.of(cases.open(
                        "refund_refused",
                        "refund order " + order.id(),
                        "HTTP " + refused.fault().status() + " "
                                + refused.fault().code(),
                        clock.instant()));
                Waiting.done(orders.refused(order.id(), "refused_by_vendor", clock.instant()));
                yield null;
            }
            case RefundOutcome.Unknown unknown ->
                throw ApplicationFailure.newFailure(
                        "no refund: " + unknown.fault().kind(), "payment_vendor");
        };
    }
}
