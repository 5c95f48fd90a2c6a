package ai.callmeback.vendors.payment;

import ai.callmeback.vendors.VendorFault;
import ai.callmeback.vendors.payment.PaymentState.Stage;
import ai.callmeback.vendors.settings.VendorSettings;
import ai.callmeback.vendors.wire.StripeClients;
import com.stripe.StripeClient;
import com.stripe.exception.StripeException;
import com.stripe.model.BalanceTransaction;
import com.stripe.model.Charge;
import com.stripe.model.PaymentIntent;
import com.stripe.model.PaymentMethod;
import com.stripe.model.SetupIntent;
import com.stripe.model.checkout.Session;
import com.stripe.net.RequestOptions;
import com.stripe.param.PaymentIntentConfirmParams;
import com.stripe.param.PaymentIntentCreateParams;
import com.stripe.param.PaymentIntentRetrieveParams;
import com.stripe.param.checkout.SessionCreateParams;
import com.stripe.param.checkout.SessionRetrieveParams;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Saved cards at Stripe: a Checkout of mode {@code setup} saves one for use off session, a PaymentIntent of two steps charges
 * it. A bank that wants its customer present is told as {@code authentication_required}, with HTTP 402.
 */
public final class StripeSavedCards implements SavedCards {
    private static final String OUR_NAME = "card_setup_id";
    private static final String OUR_PURCHASE = "purchase_id";
    private static final int PAYMENT_REQUIRED = 402;
    private static final int UNAUTHORIZED = 401;
    private static final int FORBIDDEN = 403;

    private final StripeClient client;

    public StripeSavedCards(VendorSettings.Stripe settings) {
        this.client = StripeClients.of(settings);
    }

    @Override
    public CheckoutOutcome open(CardSetupRequest request) {
        SessionCreateParams.Builder params = SessionCreateParams.builder()
                .setMode(SessionCreateParams.Mode.SETUP)
                .addPaymentMethodType(SessionCreateParams.PaymentMethodType.CARD)
                .setClientReferenceId(request.setupId())
                .putMetadata(OUR_NAME, request.setupId())
                .setSuccessUrl(request.successUrl().toString())
                .setCancelUrl(request.cancelUrl().toString())
                .setExpiresAt(request.expiresAt().getEpochSecond());
        String customer = request.customer();
        if (customer == null) {
            params.setCustomerCreation(SessionCreateParams.CustomerCreation.ALWAYS);
        } else {
            params.setCustomer(customer);
        }
        try {
            Session session =
                    client.v1().checkout().sessions().create(params.build(), keyed("card-setup:" + request.setupId()));
            return new CheckoutOutcome.Opened(
                    session.getId(), session.getUrl(), Instant.ofEpochSecond(session.getExpiresAt()));
        } catch (StripeException e) {
            VendorFault fault = StripeCalls.fault(e);
            return StripeCalls.mayPass(fault) ? new CheckoutOutcome.Unknown(fault) : new CheckoutOutcome.Refused(fault);
        }
    }

    private static RequestOptions keyed(String key) {
        return RequestOptions.builder().setIdempotencyKey(key).build();
    }

    @Override
    public Optional<CardSetupState> setup(String sessionId) {
        SessionRetrieveParams params = SessionRetrieveParams.builder()
                .addExpand("setup_intent.payment_method")
                .build();
        return StripeCalls.read(
                        "card setup", () -> client.v1().checkout().sessions().retrieve(sessionId, params))
                .map(StripeSavedCards::state);
    }

    private static CardSetupState state(Session session) {
        Map<String, String> metadata = session.getMetadata();
        SetupIntent setup = session.getSetupIntentObject();
        return new CardSetupState(
                metadata == null ? "" : metadata.getOrDefault(OUR_NAME, ""),
                "expired".equals(session.getStatus()),
                Boolean.TRUE.equals(session.getLivemode()),
                setup == null || !"succeeded".equals(setup.getStatus()) ? null : card(session, setup));
    }

    private static CardSetupState.@Nullable SavedCard card(Session session, SetupIntent setup) {
        PaymentMethod method = setup.getPaymentMethodObject();
        String customer = setup.getCustomer() == null ? session.getCustomer() : setup.getCustomer();
        if (method == null || method.getCard() == null || customer == null) {
            return null;
        }
        PaymentMethod.Card card = method.getCard();
        return new CardSetupState.SavedCard(
                customer,
                method.getId(),
                card.getBrand(),
                card.getLast4(),
                "%02d/%d".formatted(card.getExpMonth(), card.getExpYear()));
    }

    @Override
    public void expire(String sessionId) {
        StripeCalls.read("card setup", () -> {
            Session session = client.v1().checkout().sessions().retrieve(sessionId);
            return "open".equals(session.getStatus())
                    ? client.v1().checkout().sessions().expire(sessionId)
                    : session;
        });
    }

    @Override
    public PrepareOutcome prepare(CardPaymentRequest request) {
        PaymentIntentCreateParams params = PaymentIntentCreateParams.builder()
                .setAmount(request.amountCents())
                .setCurrency("usd")
                .setCustomer(request.customer())
                .setPaymentMethod(request.paymentMethod())
                .addPaymentMethodType("card")
                .setDescription(request.description())
                .putMetadata(OUR_PURCHASE, request.purchaseId())
                .build();
        try {
            // With the card: another one is another request, which the same key would refuse.
            String key = "top-up:" + request.purchaseId() + ":" + request.paymentMethod();
            return new PrepareOutcome.Prepared(
                    client.v1().paymentIntents().create(params, keyed(key)).getId());
        } catch (StripeException e) {
            VendorFault fault = StripeCalls.fault(e);
            // A key that is refused is our fault, not the card's.
            boolean ours = fault.status() == UNAUTHORIZED || fault.status() == FORBIDDEN;
            return ours || StripeCalls.mayPass(fault)
                    ? new PrepareOutcome.Unknown(fault)
                    : new PrepareOutcome.Refused(fault);
        }
    }

    @Override
    public Optional<CardPayment> payment(String paymentIntent) {
        PaymentIntentRetrieveParams params = PaymentIntentRetrieveParams.builder()
                .addExpand("latest_charge.balance_transaction")
                .build();
        return StripeCalls.read("payment", () -> client.v1().paymentIntents().retrieve(paymentIntent, params))
                .map(StripeSavedCards::state);
    }

    private static CardPayment state(PaymentIntent payment) {
        Charge charge = payment.getLatestChargeObject();
        BalanceTransaction money = charge == null ? null : charge.getBalanceTransactionObject();
        String status = String.valueOf(payment.getStatus());
        Stage stage = switch (status) {
            case "succeeded" -> Stage.PAID;
            case "processing" -> Stage.PROCESSING;
            case "requires_confirmation" -> Stage.OPEN;
            // Nobody is there to enter another card, or to answer the bank.
            default -> Stage.FAILED;
        };
        return new CardPayment(
                new PaymentState(
                        payment.getId(),
                        stage,
                        payment.getMetadata() == null
                                ? ""
                                : payment.getMetadata().getOrDefault(OUR_PURCHASE, ""),
                        payment.getAmount(),
                        String.valueOf(payment.getCurrency()),
                        Boolean.TRUE.equals(payment.getLivemode()),
                        payment.getId(),
                        money == null ? null : money.getFee(),
                        money == null ? null : money.getCurrency()),
                stage == Stage.OPEN,
                stage == Stage.PAID || "canceled".equals(status),
                stage == Stage.FAILED ? failure(payment, status) : null);
    }

    private static String failure(PaymentIntent payment, String status) {
        if ("requires_action".equals(status)) {
            return "authentication_required";
        }
        var error = payment.getLastPaymentError();
        if (error == null) {
            return "canceled".equals(status) ? "payment_cancelled" : "payment_failed";
        }
        // Some banks say it as the reason of a decline.
        return "authentication_required".equals(error.getDeclineCode())
                ? "authentication_required"
                : error.getCode() == null ? "payment_failed" : error.getCode();
    }

    @Override
    public void confirm(String paymentIntent) {
        PaymentIntentConfirmParams params =
                PaymentIntentConfirmParams.builder().setOffSession(true).build();
        try {
            client.v1().paymentIntents().confirm(paymentIntent, params, keyed("top-up-confirm:" + paymentIntent));
        } catch (StripeException e) {
            VendorFault fault = StripeCalls.fault(e);
            if (StripeCalls.mayPass(fault)) {
                throw new PaymentVendorException("stripe confirm: " + fault.kind(), e);
            }
            if (fault.status() != PAYMENT_REQUIRED && !"payment_intent_unexpected_state".equals(fault.code())) {
                // Refused before it was tried, and it will be each time: what is not confirmed shall never be.
                cancel(paymentIntent);
            }
        }
    }

    @Override
    public void detach(String paymentMethod) {
        StripeCalls.read("detach", () -> {
            PaymentMethod method = client.v1().paymentMethods().retrieve(paymentMethod);
            return method.getCustomer() == null
                    ? method
                    : client.v1().paymentMethods().detach(paymentMethod);
        });
    }

    @Override
    public void cancel(String paymentIntent) {
        try {
            client.v1().paymentIntents().cancel(paymentIntent);
        } catch (StripeException e) {
            VendorFault fault = StripeCalls.fault(e);
            if (!"payment_intent_unexpected_state".equals(fault.code())) {
                throw new PaymentVendorException("stripe cancel: " + fault.kind(), e);
            }
        }
    }
}
