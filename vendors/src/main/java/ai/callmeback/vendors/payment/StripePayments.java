package ai.callmeback.vendors.payment;

import ai.callmeback.vendors.VendorFault;
import ai.callmeback.vendors.payment.PaymentState.Stage;
import ai.callmeback.vendors.payment.ReturnedPayment.Standing;
import ai.callmeback.vendors.settings.VendorSettings;
import ai.callmeback.vendors.wire.StripeClients;
import com.stripe.StripeClient;
import com.stripe.exception.StripeException;
import com.stripe.model.BalanceTransaction;
import com.stripe.model.Charge;
import com.stripe.model.Dispute;
import com.stripe.model.PaymentIntent;
import com.stripe.model.Refund;
import com.stripe.model.checkout.Session;
import com.stripe.net.RequestOptions;
import com.stripe.param.RefundCreateParams;
import com.stripe.param.RefundListParams;
import com.stripe.param.checkout.SessionCreateParams;
import com.stripe.param.checkout.SessionRetrieveParams;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Stripe through its own library, API {@code 2026-07-29.dahlia}. Idempotency keys come from our ids, so that a repeat
 * after a crash is the same request to Stripe too.
 */
public final class StripePayments implements Payments {
    private static final String CURRENCY = "usd";
    private static final String OUR_NAME = "purchase_id";
    private static final String OUR_ORDER = "refund_order";
    private static final long REFUNDS_READ = 100;

    private final StripeClient client;

    public StripePayments(VendorSettings.Stripe settings) {
        this.client = StripeClients.of(settings);
    }

    @Override
    public CheckoutOutcome open(CheckoutRequest request) {
        SessionCreateParams params = SessionCreateParams.builder()
                .setMode(SessionCreateParams.Mode.PAYMENT)
                .setClientReferenceId(request.purchaseId())
                .putMetadata(OUR_NAME, request.purchaseId())
                // A session's metadata is not copied to its payment.
                .setPaymentIntentData(SessionCreateParams.PaymentIntentData.builder()
                        .putMetadata(OUR_NAME, request.purchaseId())
                        .build())
                .addLineItem(SessionCreateParams.LineItem.builder()
                        .setQuantity(1L)
                        .setPriceData(SessionCreateParams.LineItem.PriceData.builder()
                                .setCurrency(CURRENCY)
                                .setUnitAmount(request.amountCents())
                                .setProductData(SessionCreateParams.LineItem.PriceData.ProductData.builder()
                                        .setName(request.title())
                                        .build())
                                .build())
                        .build())
                .setSuccessUrl(request.successUrl().toString())
                .setCancelUrl(request.cancelUrl().toString())
                .setExpiresAt(request.expiresAt().getEpochSecond())
                .build();
        try {
            Session session = client.v1()
                    .checkout()
                    .sessions()
                    .create(
                            params,
                            RequestOptions.builder()
                                    .setIdempotencyKey("purchase:" + request.purchaseId())
                                    .build());
            return new CheckoutOutcome.Opened(
                    session.getId(), session.getUrl(), Instant.ofEpochSecond(session.getExpiresAt()));
        } catch (StripeException e) {
            VendorFault fault = StripeCalls.fault(e);
            return StripeCalls.mayPass(fault) ? new CheckoutOutcome.Unknown(fault) : new CheckoutOutcome.Refused(fault);
        }
    }

    @Override
    public Optional<PaymentState> checkout(String sessionId) {
        SessionRetrieveParams params = SessionRetrieveParams.builder()
                .addExpand("payment_intent.latest_charge.balance_transaction")
                .build();
        return StripeCalls.read(
                        "checkout", () -> client.v1().checkout().sessions().retrieve(sessionId, params))
                .map(StripePayments::state);
    }

    @Override
    public RefundOutcome issueRefund(RefundRequest request) {
        try {
            // Stripe forgets idempotency keys after a day; the refund itself does not forget whose it is.
            for (Refund refund : client.v1()
                    .refunds()
                    .list(RefundListParams.builder()
                            .setPaymentIntent(request.paymentIntent())
                            .setLimit(REFUNDS_READ)
                            .build())
                    .getData()) {
                if (refund.getMetadata() != null
                        && request.orderId().equals(refund.getMetadata().get(OUR_ORDER))) {
                    return new RefundOutcome.Issued(refund.getId());
                }
            }
            Refund refund = client.v1()
                    .refunds()
                    .create(
                            RefundCreateParams.builder()
                                    .setPaymentIntent(request.paymentIntent())
                                    .setAmount(request.amountCents())
                                    .putMetadata(OUR_ORDER, request.orderId())
                                    .build(),
                            RequestOptions.builder()
                                    .setIdempotencyKey("refund:" + request.orderId())
                                    .build());
            return new RefundOutcome.Issued(refund.getId());
        } catch (StripeException e) {
            VendorFault fault = StripeCalls.fault(e);
            return StripeCalls.mayPass(fault) ? new RefundOutcome.Unknown(fault) : new RefundOutcome.Refused(fault);
        }
    }

    @Override
    public Optional<ReturnedPayment> refund(String refundId) {
        return StripeCalls.read("refund", () -> client.v1().refunds().retrieve(refundId))
                .map(StripePayments::returned);
    }

    @Override
    public Optional<ReturnedPayment> dispute(String disputeId) {
        return StripeCalls.read("dispute", () -> client.v1().disputes().retrieve(disputeId))
                .map(StripePayments::returned);
    }

    private static PaymentState state(Session session) {
        PaymentIntent payment = session.getPaymentIntentObject();
        Charge charge = payment == null ? null : payment.getLatestChargeObject();
        BalanceTransaction money = charge == null ? null : charge.getBalanceTransactionObject();
        String reference = session.getClientReferenceId();
        return new PaymentState(
                session.getId(),
                stage(session, payment),
                reference == null ? "" : reference,
                session.getAmountTotal() == null ? 0 : session.getAmountTotal(),
                String.valueOf(session.getCurrency()),
                Boolean.TRUE.equals(session.getLivemode()),
                session.getPaymentIntent(),
                money == null ? null : money.getFee(),
                money == null ? null : money.getCurrency());
    }

    private static Stage stage(Session session, @Nullable PaymentIntent payment) {
        if ("expired".equals(session.getStatus())) {
            return Stage.EXPIRED;
        }
        if (!"complete".equals(session.getStatus())) {
            return Stage.OPEN;
        }
        if (!"unpaid".equals(session.getPaymentStatus())) {
            return Stage.PAID;
        }
        boolean failed = payment != null
                && List.of("requires_payment_method", "canceled").contains(payment.getStatus());
        return failed ? Stage.FAILED : Stage.PROCESSING;
    }

    private static ReturnedPayment returned(Refund refund) {
        Standing standing = switch (String.valueOf(refund.getStatus())) {
            case "failed", "canceled" -> Standing.OURS;
            case "succeeded" -> Standing.FINAL;
            default -> Standing.TAKEN;
        };
        return new ReturnedPayment(
                refund.getId(),
                String.valueOf(refund.getPaymentIntent()),
                refund.getAmount(),
                refund.getCurrency(),
                standing,
                Instant.ofEpochSecond(refund.getCreated()),
                null);
    }

    private static ReturnedPayment returned(Dispute dispute) {
        Standing standing = switch (String.valueOf(dispute.getStatus())) {
            case "lost" -> Standing.FINAL;
            case "needs_response", "under_review" -> Standing.TAKEN;
            // Won, or a warning: then no money has left.
            default -> Standing.OURS;
        };
        List<BalanceTransaction> money = dispute.getBalanceTransactions();
        long fee = money == null
                ? 0
                : money.stream().mapToLong(BalanceTransaction::getFee).sum();
        return new ReturnedPayment(
                dispute.getId(),
                String.valueOf(dispute.getPaymentIntent()),
                dispute.getAmount(),
                dispute.getCurrency(),
                standing,
                Instant.ofEpochSecond(dispute.getCreated()),
                fee == 0 ? null : fee);
    }
}
