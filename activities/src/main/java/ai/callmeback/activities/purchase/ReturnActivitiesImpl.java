package ai.callmeback.activities.purchase;

import ai.callmeback.db.ledger.ClawBackKind;
import ai.callmeback.db.ledger.ClawBackOutcome;
import ai.callmeback.db.ledger.ClawBackRequest;
import ai.callmeback.db.ledger.Conflict;
import ai.callmeback.db.ledger.LedgerCorrections;
import ai.callmeback.db.purchase.MoneyCases;
import ai.callmeback.db.purchase.Purchase;
import ai.callmeback.db.purchase.Purchases;
import ai.callmeback.db.purchase.RefundOrders;
import ai.callmeback.domain.UsdMicros;
import ai.callmeback.vendors.payment.Payments;
import ai.callmeback.vendors.payment.ReturnedPayment;
import ai.callmeback.vendors.payment.ReturnedPayment.Standing;
import ai.callmeback.workflows.purchase.ReturnActivities;
import io.temporal.failure.ApplicationFailure;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Optional;
import java.util.UUID;
import org.springframework.stereotype.Component;

/** Reads a refund or a dispute from the vendor, then brings the ledger to it. What cannot be booked becomes a case. */
@Component("returnActivities")
final class ReturnActivitiesImpl implements ReturnActivities {
    /** A payment that has not been credited by then is not one of ours. */
    static final Duration CREDITED_WITHIN = Duration.ofMinutes(30);

    private final Payments payments;
    private final Purchases purchases;
    private final RefundOrders orders;
    private final LedgerCorrections ledger;
    private final MoneyCases cases;
    private final InstantSource clock;

    ReturnActivitiesImpl(
            Payments payments,
            Purchases purchases,
            RefundOrders orders,
            LedgerCorrections ledger,
            MoneyCases cases,
            InstantSource clock) {
        this.payments = payments;
        this.purchases = purchases;
        this.orders = orders;
        this.ledger = ledger;
        this.cases = cases;
        this.clock = clock;
    }

    @Override
    public boolean applyRefund(String refundId) {
        return apply(ClawBackKind.REFUND, refundId, payments.refund(refundId));
    }

    @Override
    public boolean applyDispute(String disputeId) {
        Optional<ReturnedPayment> dispute = payments.dispute(disputeId);
        dispute.map(ReturnedPayment::feeCents)
                .ifPresent(cents -> Waiting.of(
                        ledger.fee(disputeId, new UsdMicros(cents * PurchaseActivitiesImpl.MICROS_PER_CENT), false)));
        return apply(ClawBackKind.DISPUTE, disputeId, dispute);
    }

    private boolean apply(ClawBackKind kind, String id, Optional<ReturnedPayment> known) {
        if (known.isEmpty()) {
            openCase("return_unknown", id, "the vendor knows none of this id");
            return false;
        }
        ReturnedPayment returned = known.get();
        if (returned.standing() == Standing.OURS) {
            Waiting.of(ledger.undo(id));
            Waiting.done(orders.cameBack(id, clock.instant()));
            return false;
        }
        Optional<Purchase> purchase = Waiting.find(purchases.ofPayment(returned.paymentIntent()));
        UUID grant = purchase.map(Purchase::grantId).orElse(null);
        if (grant == null && returned.createdAt().isAfter(clock.instant().minus(CREDITED_WITHIN))) {
            // The news of it may have overtaken that of the payment itself.
            throw ApplicationFailure.newFailure("the payment is not credited yet", "not_credited_yet");
        }
        if (grant == null || !"usd".equals(returned.currency())) {
            openCase("return_unmatched", id, returned.amountCents() + " cents of a payment we did not credit");
            return returned.standing() != Standing.FINAL;
        }
        ClawBackOutcome outcome = Waiting.of(ledger.clawBack(new ClawBackRequest(
                id, kind, grant, new UsdMicros(returned.amountCents() * PurchaseActivitiesImpl.MICROS_PER_CENT))));
        switch (outcome) {
            case ClawBackOutcome.Posted posted -> {}
            case ClawBackOutcome.AlreadyPosted repeated -> {}
            case ClawBackOutcome.Exceeds exceeds ->
                openCase(
                        "return_exceeds_payment",
                        id,
                        returned.amountCents() + " cents, paid " + exceeds.paid() + ", back before "
                                + exceeds.before());
            case ClawBackOutcome.UnknownGrant unknown -> openCase("return_unmatched", id, "no grant");
            case Conflict conflict ->
                openCase("return_changed", id, conflict.firstBody() + " became " + conflict.thisBody());
        }
        return returned.standing() != Standing.FINAL;
    }

    private void openCase(String kind, String id, String detail) {
        Waiting.of(cases.open(kind, "return " + id, detail, clock.instant()));
    }
}
