package ai.callmeback.activities.purchase;

import ai.callmeback.db.identity.Users;
import ai.callmeback.db.ledger.LedgerCorrections;
import ai.callmeback.db.purchase.MoneyCases;
import ai.callmeback.db.purchase.Purchase;
import ai.callmeback.db.purchase.Purchases;
import ai.callmeback.domain.UsdMicros;
import ai.callmeback.domain.purchase.PurchaseId;
import ai.callmeback.domain.purchase.PurchaseStatus;
import ai.callmeback.vendors.mail.MailOutcome;
import ai.callmeback.vendors.mail.Mailer;
import ai.callmeback.vendors.payment.CheckoutRequest;
import ai.callmeback.vendors.payment.PaymentState;
import ai.callmeback.vendors.payment.Payments;
import ai.callmeback.vendors.settings.PlatformSettings;
import ai.callmeback.vendors.settings.VendorSettings;
import ai.callmeback.workflows.purchase.PurchaseActivities;
import io.temporal.failure.ApplicationFailure;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import org.springframework.stereotype.Component;

/** Reads the vendor, then moves money: what an event or a browser claims is never believed. */
@Component("purchaseActivities")
final class PurchaseActivitiesImpl implements PurchaseActivities {
    static final long MICROS_PER_CENT = 10_000;
    private static final Duration MAIL = Duration.ofSeconds(35);
    /** Of the purchase, not of the try: a repeat must be the same request to the vendor. */
    private static final Duration CHECKOUT_LIFE = Duration.ofHours(2);

    private final Purchases purchases;
    private final LedgerCorrections ledger;
    private final MoneyCases cases;
    private final Users users;
    private final Payments payments;
    private final TopUpCharges topUps;
    private final Mailer mailer;
    private final PlatformSettings platform;
    private final boolean live;
    private final InstantSource clock;

    PurchaseActivitiesImpl(
            Purchases purchases,
            LedgerCorrections ledger,
            MoneyCases cases,
            Users users,
            Payments payments,
            TopUpCharges topUps,
            Mailer mailer,
            PlatformSettings platform,
            VendorSettings vendors,
            InstantSource clock) {
        this.purchases = purchases;
        this.ledger = ledger;
        this.cases = cases;
        this.users = users;
        this.payments = payments;
        this.topUps = topUps;
        this.mailer = mailer;
        this.platform = platform;
        this.live = vendors.stripe().live();
        this.clock = clock;
    }

    @Override
    public Standing openCheckout(PurchaseId id) {
        Purchase purchase = Waiting.of(purchases.find(id));
        if (purchase.status() != PurchaseStatus.NEW) {
            return standing(purchase);
        } else if (purchase.isTopUp()) {
            topUps.prepare(purchase);
            return standing(Waiting.of(purchases.find(id)));
        }
        Checkouts.follow(
                payments.open(new CheckoutRequest(
                        id.toString(),
                        purchase.productTitle() + (purchase.quantity() > 1 ? " × " + purchase.quantity() : ""),
                        purchase.amount().amountMicros() / MICROS_PER_CENT,
                        platform.publicUri("/#/buy/" + id),
                        platform.publicUri("/#/buy"),
                        purchase.createdAt().plus(CHECKOUT_LIFE))),
                opened ->
                        Waiting.done(purchases.opened(id, opened.sessionId(), opened.url(), opened.expiresAt(), now())),
                why -> {
                    Waiting.of(cases.open("checkout_refused", "purchase " + id, why, now()));
                    Waiting.of(purchases.move(id, PurchaseStatus.FAILED, "checkout_refused", now()));
                });
        return standing(Waiting.of(purchases.find(id)));
    }

    @Override
    public Standing examine(PurchaseId id) {
        Purchase purchase = Waiting.of(purchases.find(id));
        if (purchase.status() != PurchaseStatus.CASE) {
            Optional<PaymentState> payment = purchase.isTopUp() ? topUps.charge(purchase) : checkout(purchase);
            payment.ifPresent(state -> follow(purchase, state));
        }
        return standing(Waiting.of(purchases.find(id)));
    }

    private Optional<PaymentState> checkout(Purchase purchase) {
        return Optional.ofNullable(purchase.checkoutSession())
                .map(session -> payments.checkout(session)
                        .orElseThrow(() ->
                                ApplicationFailure.newFailure("the checkout is not known there", "payment_vendor")));
    }

    private void follow(Purchase purchase, PaymentState payment) {
        PurchaseId id = purchase.id();
        switch (payment.stage()) {
            case PAID -> paid(purchase, payment);
            case PROCESSING -> Waiting.of(purchases.move(id, PurchaseStatus.PROCESSING, null, now()));
            case FAILED -> Waiting.of(purchases.move(id, PurchaseStatus.FAILED, "payment_failed", now()));
            case EXPIRED -> Waiting.of(purchases.move(id, PurchaseStatus.EXPIRED, "not_paid_in_time", now()));
            case OPEN -> {
                // Nothing has moved.
            }
        }
    }

    private void paid(Purchase purchase, PaymentState payment) {
        String problem = problem(purchase, payment);
        if (problem != null) {
            Waiting.of(cases.open(
                    problem,
                    "purchase " + purchase.id(),
                    "asked " + purchase.amount() + " usd, paid " + payment.amountCents() + " cents "
                            + payment.currency(),
                    now()));
            Waiting.of(purchases.move(purchase.id(), PurchaseStatus.CASE, problem, now()));
            return;
        }
        Purchases.CreditOutcome outcome = Waiting.of(purchases.credit(
                purchase.id(),
                String.valueOf(payment.paymentIntent()),
                new UsdMicros(payment.amountCents() * MICROS_PER_CENT),
                now()));
        if (outcome == Purchases.CreditOutcome.CONFLICT) {
            Waiting.of(cases.open(
                    "paid_twice",
                    "payment " + payment.paymentIntent(),
                    "purchase " + purchase.id() + " or this payment was credited before",
                    now()));
        }
    }

    /** Why what was paid is not what was asked; null when it is. */
    private @org.jspecify.annotations.Nullable String problem(Purchase purchase, PaymentState payment) {
        if (payment.live() != live) {
            return "other_environment";
        } else if (!payment.purchaseId().equals(purchase.id().toString())) {
            return "other_purchase";
        } else if (!payment.currency().equals("usd")) {
            return "wrong_currency";
        } else if (payment.amountCents() * MICROS_PER_CENT != purchase.amount().amountMicros()) {
            return "amount_mismatch";
        }
        return payment.paymentIntent() == null ? "no_payment" : null;
    }

    @Override
    public Standing sendReceipt(PurchaseId id) {
        Purchase purchase = Waiting.of(purchases.find(id));
        if (purchase.status() != PurchaseStatus.CREDITED) {
            return standing(purchase);
        }
        String to = Waiting.of(users.find(purchase.userId())).email();
        MailOutcome outcome =
                mailer.send(Receipts.email(purchase, to), "receipt/" + id).block(MAIL);
        switch (outcome) {
            case MailOutcome.Accepted accepted -> Waiting.of(purchases.move(id, PurchaseStatus.COMPLETED, null, now()));
            case MailOutcome.Refused refused -> {
                Waiting.of(cases.open(
                        "receipt_refused",
                        "purchase " + id,
                        refused.fault().kind().name(),
                        now()));
                Waiting.of(purchases.move(id, PurchaseStatus.COMPLETED, "receipt_refused", now()));
            }
            case MailOutcome.Deferred deferred ->
                throw ApplicationFailure.newFailure("the e-mail was deferred", "mail_deferred");
            case null -> throw ApplicationFailure.newFailure("the mailer did not answer", "mail_deferred");
        }
        return standing(Waiting.of(purchases.find(id)));
    }

    @Override
    public boolean bookFee(PurchaseId id) {
        Purchase purchase = Waiting.of(purchases.find(id));
        String session = purchase.checkoutSession();
        String paymentIntent = purchase.paymentIntent();
        if (paymentIntent == null || (session == null && !purchase.isTopUp())) {
            return true;
        }
        PaymentState payment = (session == null ? topUps.payment(purchase) : payments.checkout(session)).orElse(null);
        Long cents = payment == null ? null : payment.feeCents();
        if (cents == null) {
            Waiting.of(ledger.fee(paymentIntent, CardFees.estimate(purchase.amount()), true));
            return false;
        }
        if (!"usd".equals(payment.feeCurrency())) {
            Waiting.of(
                    cases.open("fee_currency", "payment " + paymentIntent, cents + " " + payment.feeCurrency(), now()));
            return true;
        }
        Waiting.of(ledger.fee(paymentIntent, new UsdMicros(cents * MICROS_PER_CENT), false));
        return true;
    }

    @Override
    public void close(PurchaseId id) {
        Waiting.done(purchases.over(id));
    }

    private static Standing standing(Purchase purchase) {
        Instant expiresAt = purchase.checkoutExpiresAt();
        return new Standing(purchase.status(), expiresAt == null ? 0 : expiresAt.toEpochMilli());
    }

    private Instant now() {
        return clock.instant();
    }
}
