package ai.callmeback.vendors.payment;

import ai.callmeback.vendors.VendorFault;
import ai.callmeback.vendors.payment.SubscriptionState.Stage;
import ai.callmeback.vendors.settings.VendorSettings;
import ai.callmeback.vendors.wire.StripeClients;
import com.stripe.StripeClient;
import com.stripe.exception.StripeException;
import com.stripe.model.BalanceTransaction;
import com.stripe.model.Charge;
import com.stripe.model.Invoice;
import com.stripe.model.InvoiceLineItem;
import com.stripe.model.InvoicePayment;
import com.stripe.model.Subscription;
import com.stripe.model.SubscriptionItem;
import com.stripe.model.checkout.Session;
import com.stripe.net.RequestOptions;
import com.stripe.param.InvoiceListParams;
import com.stripe.param.PaymentIntentRetrieveParams;
import com.stripe.param.SubscriptionUpdateParams;
import com.stripe.param.SubscriptionUpdateParams.PaymentBehavior;
import com.stripe.param.SubscriptionUpdateParams.ProrationBehavior;
import com.stripe.param.checkout.SessionCreateParams;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Subscriptions at Stripe, API {@code 2026-07-29.dahlia}: periods are on the items, an invoice names its payment below
 * {@code payments}. A price is found by its lookup key, our plan code; one that is not there, or is another, is synced first.
 */
public final class StripeSubscriptions implements SubscriptionPayments {
    private static final String OUR_NAME = "subscription_id";
    /** A year of renewals and as many changes; older ones were read when they were new. */
    private static final long INVOICES_READ = 24;

    private final StripeClient client;
    private final StripeShelf shelf;

    public StripeSubscriptions(VendorSettings.Stripe settings) {
        this.client = StripeClients.of(settings);
        this.shelf = new StripeShelf(settings);
    }

    @Override
    public CheckoutOutcome open(SubscriptionCheckout request) {
        try {
            SessionCreateParams params = SessionCreateParams.builder()
                    .setMode(SessionCreateParams.Mode.SUBSCRIPTION)
                    .setClientReferenceId(request.subscriptionId())
                    .putMetadata(OUR_NAME, request.subscriptionId())
                    // A session's metadata is not copied to its subscription.
                    .setSubscriptionData(SessionCreateParams.SubscriptionData.builder()
                            .putMetadata(OUR_NAME, request.subscriptionId())
                            .build())
                    .addLineItem(SessionCreateParams.LineItem.builder()
                            .setQuantity(1L)
                            .setPrice(shelf.place(request.plan()).priceId())
                            .build())
                    .setSuccessUrl(request.successUrl().toString())
                    .setCancelUrl(request.cancelUrl().toString())
                    .setExpiresAt(request.expiresAt().getEpochSecond())
                    .build();
            Session session =
                    client.v1().checkout().sessions().create(params, keyed("subscription:" + request.subscriptionId()));
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
    public Optional<Checkout> checkout(String sessionId) {
        return StripeCalls.read(
                        "checkout", () -> client.v1().checkout().sessions().retrieve(sessionId))
                .map(session -> new Checkout("expired".equals(session.getStatus()), session.getSubscription()));
    }

    @Override
    public void expire(String sessionId) {
        StripeCalls.read("checkout", () -> {
            Session session = client.v1().checkout().sessions().retrieve(sessionId);
            return "open".equals(session.getStatus())
                    ? client.v1().checkout().sessions().expire(sessionId)
                    : session;
        });
    }

    @Override
    public Optional<SubscriptionState> subscription(String vendorId) {
        return StripeCalls.read(
                        "subscription", () -> client.v1().subscriptions().retrieve(vendorId))
                .map(StripeSubscriptions::state);
    }

    private static SubscriptionState state(Subscription subscription) {
        SubscriptionItem item = item(subscription);
        return new SubscriptionState(
                subscription.getId(),
                stage(String.valueOf(subscription.getStatus())),
                subscription.getMetadata() == null
                        ? ""
                        : subscription.getMetadata().getOrDefault(OUR_NAME, ""),
                StripeShelf.code(item.getPrice().getProduct()),
                Instant.ofEpochSecond(item.getCurrentPeriodStart()),
                Instant.ofEpochSecond(item.getCurrentPeriodEnd()),
                Boolean.TRUE.equals(subscription.getCancelAtPeriodEnd()),
                Boolean.TRUE.equals(subscription.getLivemode()));
    }

    private static SubscriptionItem item(Subscription subscription) {
        return subscription.getItems().getData().getFirst();
    }

    private static Stage stage(String status) {
        return switch (status) {
            case "incomplete" -> Stage.BEGINNING;
            case "active", "trialing" -> Stage.ACTIVE;
            case "canceled", "incomplete_expired" -> Stage.ENDED;
            // past_due, and what an account may be set to do in the end: unpaid, paused.
            default -> Stage.PAST_DUE;
        };
    }

    @Override
    public List<InvoiceState> invoices(String vendorId) {
        InvoiceListParams params = InvoiceListParams.builder()
                .setSubscription(vendorId)
                .setLimit(INVOICES_READ)
                .addExpand("data.payments")
                .build();
        return StripeCalls.read(
                        "invoices", () -> client.v1().invoices().list(params).getData())
                .orElse(List.of())
                .stream()
                .filter(invoice -> !invoice.getLines().getData().isEmpty())
                .map(StripeSubscriptions::state)
                .toList();
    }

    private static InvoiceState state(Invoice invoice) {
        // Of a change the line that costs is the plan that comes; the other gives back what is left of the one that
        // goes.
        InvoiceLineItem line = invoice.getLines().getData().stream()
                .max(java.util.Comparator.comparingLong(InvoiceLineItem::getAmount))
                .orElseThrow();
        Long next = invoice.getNextPaymentAttempt();
        return new InvoiceState(
                invoice.getId(),
                switch (String.valueOf(invoice.getStatus())) {
                    case "paid" -> InvoiceState.Stage.PAID;
                    case "open" -> InvoiceState.Stage.OPEN;
                    default -> InvoiceState.Stage.OTHER;
                },
                switch (String.valueOf(invoice.getBillingReason())) {
                    case "subscription_create" -> InvoiceState.Reason.CREATE;
                    case "subscription_cycle" -> InvoiceState.Reason.CYCLE;
                    case "subscription_update" -> InvoiceState.Reason.UPDATE;
                    default -> InvoiceState.Reason.OTHER;
                },
                invoice.getAmountPaid(),
                line.getAmount(),
                String.valueOf(invoice.getCurrency()),
                Boolean.TRUE.equals(invoice.getLivemode()),
                product(line),
                Instant.ofEpochSecond(line.getPeriod().getStart()),
                Instant.ofEpochSecond(line.getPeriod().getEnd()),
                invoice.getAttemptCount() == null ? 0 : invoice.getAttemptCount(),
                next == null ? null : Instant.ofEpochSecond(next),
                payment(invoice));
    }

    private static String product(InvoiceLineItem line) {
        return line.getPricing() == null || line.getPricing().getPriceDetails() == null
                ? ""
                : StripeShelf.code(line.getPricing().getPriceDetails().getProduct());
    }

    private static @Nullable String payment(Invoice invoice) {
        if (invoice.getPayments() == null) {
            return null;
        }
        return invoice.getPayments().getData().stream()
                .filter(payment -> "paid".equals(payment.getStatus()))
                .map(InvoicePayment::getPayment)
                .filter(Objects::nonNull)
                .map(InvoicePayment.Payment::getPaymentIntent)
                .filter(Objects::nonNull)
                .findFirst()
                .orElse(null);
    }

    @Override
    public ChangeOutcome change(PlanChange change) {
        return changed(() -> {
            Subscription now = client.v1().subscriptions().retrieve(change.vendorId());
            String stands = StripeShelf.code(item(now).getPrice().getProduct());
            if (stands.equals(change.to().code())) {
                return;
            }
            ShelfItem paid = change.paid();
            if (paid == null) {
                set(now, change.to(), ProrationBehavior.NONE, change.orderId());
                return;
            }
            // A smaller plan may wait for the period's end; the difference is to what this period was paid for.
            if (!stands.equals(paid.code())) {
                set(now, paid, ProrationBehavior.NONE, change.orderId() + ":paid");
            }
            set(now, change.to(), ProrationBehavior.ALWAYS_INVOICE, change.orderId());
        });
    }

    private void set(Subscription now, ShelfItem plan, ProrationBehavior proration, String key) throws StripeException {
        SubscriptionUpdateParams.Builder params = SubscriptionUpdateParams.builder()
                .addItem(SubscriptionUpdateParams.Item.builder()
                        .setId(item(now).getId())
                        .setPrice(shelf.place(plan).priceId())
                        .build())
                .setProrationBehavior(proration);
        if (proration == ProrationBehavior.ALWAYS_INVOICE) {
            params.setPaymentBehavior(PaymentBehavior.ERROR_IF_INCOMPLETE);
        }
        client.v1().subscriptions().update(now.getId(), params.build(), keyed("subscription-order:" + key));
    }

    @Override
    public ChangeOutcome endAtPeriodEnd(String orderId, String vendorId, boolean ends) {
        return changed(() -> client.v1()
                .subscriptions()
                .update(
                        vendorId,
                        SubscriptionUpdateParams.builder()
                                .setCancelAtPeriodEnd(ends)
                                .build(),
                        keyed("subscription-order:" + orderId)));
    }

    private interface Work {
        void go() throws StripeException;
    }

    private static ChangeOutcome changed(Work work) {
        try {
            work.go();
            return new ChangeOutcome.Done();
        } catch (StripeException e) {
            VendorFault fault = StripeCalls.fault(e);
            return StripeCalls.mayPass(fault) ? new ChangeOutcome.Unknown(fault) : new ChangeOutcome.Refused(fault);
        }
    }

    @Override
    public Optional<Fee> fee(String paymentIntent) {
        PaymentIntentRetrieveParams params = PaymentIntentRetrieveParams.builder()
                .addExpand("latest_charge.balance_transaction")
                .build();
        return StripeCalls.read("payment", () -> client.v1().paymentIntents().retrieve(paymentIntent, params))
                .map(payment -> payment.getLatestChargeObject())
                .map(Charge::getBalanceTransactionObject)
                .map((BalanceTransaction money) -> new Fee(money.getFee(), money.getCurrency()));
    }
}
