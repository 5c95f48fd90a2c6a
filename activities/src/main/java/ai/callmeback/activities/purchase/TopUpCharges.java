package ai.callmeback.activities.purchase;

import ai.callmeback.db.purchase.Purchase;
import ai.callmeback.db.topup.AutoTopUp;
import ai.callmeback.db.topup.AutoTopUps;
import ai.callmeback.domain.purchase.PurchaseStatus;
import ai.callmeback.vendors.payment.CardPayment;
import ai.callmeback.vendors.payment.CardPaymentRequest;
import ai.callmeback.vendors.payment.PaymentState;
import ai.callmeback.vendors.payment.PrepareOutcome;
import ai.callmeback.vendors.payment.SavedCards;
import io.temporal.failure.ApplicationFailure;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import org.springframework.stereotype.Component;

/**
 * Pays for what an auto top-up buys. A payment is prepared and its id kept before any money moves; each try reads it first and
 * confirms only what was never tried, so that there is no second charge, whatever became of the first answer.
 */
@Component
class TopUpCharges {
    private static final String CARD_NOT_USABLE = "card_not_usable";
    private static final String GO = "go";

    private final AutoTopUps topUps;
    private final SavedCards cards;
    private final InstantSource clock;

    TopUpCharges(AutoTopUps topUps, SavedCards cards, InstantSource clock) {
        this.topUps = topUps;
        this.cards = cards;
        this.clock = clock;
    }

    /** Prepares the payment, unless it is. */
    void prepare(Purchase purchase) {
        UUID id = Objects.requireNonNull(purchase.topUpId());
        AutoTopUp topUp = Waiting.of(topUps.get(id, now()));
        String customer = topUp.customer();
        String method = topUp.paymentMethod();
        if (customer == null || method == null) {
            Waiting.done(topUps.failed(purchase.id(), CARD_NOT_USABLE, now()));
            return;
        }
        PrepareOutcome outcome = cards.prepare(new CardPaymentRequest(
                purchase.id().toString(),
                customer,
                method,
                purchase.amount().amountMicros() / PurchaseActivitiesImpl.MICROS_PER_CENT,
                purchase.productTitle()));
        switch (outcome) {
            case PrepareOutcome.Prepared prepared ->
                Waiting.done(topUps.prepared(purchase.id(), prepared.paymentIntent(), now()));
            case PrepareOutcome.Refused refused -> Waiting.done(topUps.failed(purchase.id(), CARD_NOT_USABLE, now()));
            case PrepareOutcome.Unknown unknown ->
                throw ApplicationFailure.newFailure(
                        "no payment: " + unknown.fault().kind(), "payment_vendor");
        }
    }

    /** Takes the money if it was never tried and is still wanted; answers how the payment stands. */
    Optional<PaymentState> charge(Purchase purchase) {
        String intent = purchase.topUpPayment();
        if (intent == null) {
            return Optional.empty();
        }
        CardPayment payment = read(intent);
        if (payment.confirmable()) {
            if (purchase.status() == PurchaseStatus.OPEN
                    && GO.equals(Waiting.of(topUps.mayCharge(purchase.id(), now())))) {
                cards.confirm(intent);
            } else {
                cards.cancel(intent);
            }
            payment = read(intent);
        }
        String failure = payment.failure();
        if (failure != null) {
            Waiting.done(topUps.failed(purchase.id(), failure, now()));
        }
        if (failure != null && !payment.over()) {
            // Or somebody could pay it yet, with the purchase over.
            cards.cancel(intent);
        }
        return Optional.of(payment.state());
    }

    /** How the payment stands; empty as long as there is none. */
    Optional<PaymentState> payment(Purchase purchase) {
        return Optional.ofNullable(purchase.topUpPayment())
                .flatMap(cards::payment)
                .map(CardPayment::state);
    }

    private CardPayment read(String intent) {
        return cards.payment(intent)
                .orElseThrow(() -> ApplicationFailure.newFailure("the payment is not known there", "payment_vendor"));
    }

    private Instant now() {
        return clock.instant();
    }
}
