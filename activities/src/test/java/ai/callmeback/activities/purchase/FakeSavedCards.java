package ai.callmeback.activities.purchase;

import ai.callmeback.vendors.payment.CardPayment;
import ai.callmeback.vendors.payment.CardPaymentRequest;
import ai.callmeback.vendors.payment.CardSetupRequest;
import ai.callmeback.vendors.payment.CardSetupState;
import ai.callmeback.vendors.payment.CheckoutOutcome;
import ai.callmeback.vendors.payment.PaymentState;
import ai.callmeback.vendors.payment.PaymentState.Stage;
import ai.callmeback.vendors.payment.PaymentVendorException;
import ai.callmeback.vendors.payment.PrepareOutcome;
import ai.callmeback.vendors.payment.SavedCards;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Payments as a vendor keeps them: each is taken once at most. What becomes of an answer is the test's to say. */
public class FakeSavedCards implements SavedCards {
    /** What happens to the next confirmation. */
    public enum Next {
        DONE,
        /** The money is taken, and the answer lost. */
        DONE_AND_LOST,
        /** The request is lost. */
        LOST,
        DECLINED,
        AUTHENTICATION_REQUIRED
    }

    public final List<String> charged = new ArrayList<>();
    public final List<CardPaymentRequest> prepared = new ArrayList<>();
    public Next next = Next.DONE;
    public int confirmations;
    public @Nullable CardSetupState setup;
    public boolean expired;
    public final List<String> detached = new ArrayList<>();
    public boolean away;
    private final Map<String, CardPayment> payments = new LinkedHashMap<>();

    @Override
    public CheckoutOutcome open(CardSetupRequest request) {
        return new CheckoutOutcome.Opened("cs_" + request.setupId(), "https://pay.test/card", request.expiresAt());
    }

    @Override
    public Optional<CardSetupState> setup(String sessionId) {
        return Optional.ofNullable(setup);
    }

    @Override
    public void expire(String sessionId) {
        expired = true;
    }

    @Override
    public PrepareOutcome prepare(CardPaymentRequest request) {
        prepared.add(request);
        String id = "pi_" + UUID.randomUUID();
        payments.put(id, payment(id, request.purchaseId(), request.amountCents(), Stage.OPEN, null, false));
        return new PrepareOutcome.Prepared(id);
    }

    private static CardPayment payment(
            String id, String purchase, long cents, Stage stage, @Nullable String failure, boolean over) {
        return new CardPayment(
                new PaymentState(id, stage, purchase, cents, "usd", false, id, null, null),
                stage == Stage.OPEN,
                over,
                failure);
    }

    @Override
    public Optional<CardPayment> payment(String paymentIntent) {
        return Optional.ofNullable(payments.get(paymentIntent));
    }

    @Override
    public void confirm(String paymentIntent) {
        confirmations++;
        if (next == Next.LOST) {
            throw new PaymentVendorException("lost", new IllegalStateException());
        }
        PaymentState before = payments.get(paymentIntent).state();
        if (before.stage() != Stage.OPEN) {
            return;
        }
        switch (next) {
            case DONE, DONE_AND_LOST -> {
                charged.add(paymentIntent);
                turn(paymentIntent, Stage.PAID, null, true);
            }
            case DECLINED -> turn(paymentIntent, Stage.FAILED, "card_declined", false);
            case AUTHENTICATION_REQUIRED -> turn(paymentIntent, Stage.FAILED, "authentication_required", false);
            case LOST -> throw new IllegalStateException("answered above");
        }
        if (next == Next.DONE_AND_LOST) {
            throw new PaymentVendorException("the answer is lost", new IllegalStateException());
        }
    }

    private void turn(String id, Stage stage, @Nullable String failure, boolean over) {
        PaymentState before = payments.get(id).state();
        payments.put(id, payment(id, before.purchaseId(), before.amountCents(), stage, failure, over));
    }

    @Override
    public void detach(String paymentMethod) {
        if (away) {
            throw new PaymentVendorException("away", new IllegalStateException());
        }
        detached.add(paymentMethod);
    }

    @Override
    public void cancel(String paymentIntent) {
        CardPayment before = payments.get(paymentIntent);
        if (before.state().stage() != Stage.PAID) {
            String why = before.failure() == null ? "payment_cancelled" : before.failure();
            turn(paymentIntent, Stage.FAILED, why, true);
        }
    }
}
