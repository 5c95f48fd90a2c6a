package ai.callmeback.activities.subscription;

import ai.callmeback.vendors.VendorFault;
import ai.callmeback.vendors.payment.ChangeOutcome;
import ai.callmeback.vendors.payment.CheckoutOutcome;
import ai.callmeback.vendors.payment.InvoiceState;
import ai.callmeback.vendors.payment.PlanChange;
import ai.callmeback.vendors.payment.SubscriptionCheckout;
import ai.callmeback.vendors.payment.SubscriptionPayments;
import ai.callmeback.vendors.payment.SubscriptionState;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** One subscription at a payment vendor, which stands as the test says. */
final class FakeSubscriptions implements SubscriptionPayments {
    static final Duration MONTH = Duration.ofDays(30);

    final String vendorId = "sub_" + UUID.randomUUID();
    final List<InvoiceState> invoices = new ArrayList<>();
    final List<String> asked = new ArrayList<>();

    @Nullable
    SubscriptionCheckout checkout;

    boolean paid;
    boolean expired;
    boolean declines;
    boolean feesKnown = true;
    SubscriptionState.Stage stage = SubscriptionState.Stage.ACTIVE;
    String plan = "";
    Instant start;
    boolean ends;

    FakeSubscriptions(Instant start) {
        this.start = start;
    }

    Instant end() {
        return start.plus(MONTH);
    }

    /** The payer pays the checkout. */
    void pay(long cents) {
        paid = true;
        plan = checkout == null ? "" : checkout.plan().code();
        invoice(InvoiceState.Stage.PAID, InvoiceState.Reason.CREATE, cents, cents, plan, start);
    }

    void renew(InvoiceState.Stage paidOrNot, long cents) {
        start = end();
        invoice(paidOrNot, InvoiceState.Reason.CYCLE, cents, cents, plan, start);
    }

    /** Newest first, as the vendor lists them. */
    InvoiceState invoice(
            InvoiceState.Stage invoiceStage,
            InvoiceState.Reason reason,
            long paidCents,
            long planCents,
            String planCode,
            Instant from) {
        InvoiceState invoice = new InvoiceState(
                "in_" + UUID.randomUUID(),
                invoiceStage,
                reason,
                invoiceStage == InvoiceState.Stage.PAID ? paidCents : 0,
                planCents,
                "usd",
                false,
                planCode,
                from,
                end(),
                1,
                invoiceStage == InvoiceState.Stage.OPEN ? from.plus(Duration.ofDays(3)) : null,
                invoiceStage == InvoiceState.Stage.PAID && paidCents > 0 ? "pi_" + UUID.randomUUID() : null);
        invoices.addFirst(invoice);
        return invoice;
    }

    @Override
    public CheckoutOutcome open(SubscriptionCheckout request) {
        checkout = request;
        return new CheckoutOutcome.Opened("cs_" + request.subscriptionId(), "https://pay.test/", request.expiresAt());
    }

    @Override
    public Optional<Checkout> checkout(String sessionId) {
        return Optional.of(new Checkout(expired, paid ? vendorId : null));
    }

    @Override
    public void expire(String sessionId) {
        expired = !paid;
    }

    @Override
    public Optional<SubscriptionState> subscription(String id) {
        String ours = checkout == null ? "" : checkout.subscriptionId();
        return Optional.of(new SubscriptionState(vendorId, stage, ours, plan, start, end(), ends, false));
    }

    @Override
    public List<InvoiceState> invoices(String id) {
        return List.copyOf(invoices);
    }

    @Override
    public ChangeOutcome change(PlanChange change) {
        asked.add(change.to().code()
                + (change.paid() == null
                        ? " next"
                        : " at once for the difference to " + change.paid().code()));
        if (declines) {
            return new ChangeOutcome.Refused(
                    VendorFault.of("stripe", VendorFault.Kind.QUOTA, 402, "card_declined", "declined"));
        }
        plan = change.to().code();
        return new ChangeOutcome.Done();
    }

    @Override
    public ChangeOutcome endAtPeriodEnd(String orderId, String id, boolean endsThen) {
        asked.add(endsThen ? "end" : "go on");
        ends = endsThen;
        return new ChangeOutcome.Done();
    }

    @Override
    public Optional<Fee> fee(String paymentIntent) {
        return feesKnown ? Optional.of(new Fee(117, "usd")) : Optional.empty();
    }
}
