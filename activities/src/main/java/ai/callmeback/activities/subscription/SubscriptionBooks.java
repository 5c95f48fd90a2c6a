package ai.callmeback.activities.subscription;

import ai.callmeback.activities.purchase.CardFees;
import ai.callmeback.activities.purchase.Waiting;
import ai.callmeback.db.ledger.LedgerCorrections;
import ai.callmeback.db.purchase.Catalogue;
import ai.callmeback.db.purchase.MoneyCases;
import ai.callmeback.db.purchase.Product;
import ai.callmeback.db.subscription.Period;
import ai.callmeback.db.subscription.Subscription;
import ai.callmeback.db.subscription.SubscriptionPeriods;
import ai.callmeback.db.subscription.SubscriptionPeriods.Credited;
import ai.callmeback.db.subscription.SubscriptionPeriods.NewPeriod;
import ai.callmeback.domain.Credits;
import ai.callmeback.domain.UsdMicros;
import ai.callmeback.domain.subscription.Allowance;
import ai.callmeback.domain.subscription.SubscriptionId;
import ai.callmeback.vendors.payment.InvoiceState;
import ai.callmeback.vendors.payment.SubscriptionPayments;
import ai.callmeback.vendors.settings.VendorSettings;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/** Brings paid invoices and their fees into the books. What is not as it was sold becomes a case and brings nothing. */
@Component
final class SubscriptionBooks {
    static final long MICROS_PER_CENT = 10_000;
    static final int PERIODS_READ = 50;

    private final SubscriptionPeriods periods;
    private final Catalogue catalogue;
    private final LedgerCorrections ledger;
    private final SubscriptionPayments payments;
    private final MoneyCases cases;
    private final boolean live;
    private final InstantSource clock;

    SubscriptionBooks(
            SubscriptionPeriods periods,
            Catalogue catalogue,
            LedgerCorrections ledger,
            SubscriptionPayments payments,
            MoneyCases cases,
            VendorSettings vendors,
            InstantSource clock) {
        this.periods = periods;
        this.catalogue = catalogue;
        this.ledger = ledger;
        this.payments = payments;
        this.cases = cases;
        this.live = vendors.stripe().live();
        this.clock = clock;
    }

    /** Credits what was paid and is not yet in the books. The invoices must come oldest first: a change builds on a period. */
    void credit(Subscription subscription, List<InvoiceState> oldestFirst) {
        for (InvoiceState invoice : oldestFirst) {
            if (invoice.stage() == InvoiceState.Stage.PAID) {
                List<Period> known = periods(subscription.id());
                if (known.stream().noneMatch(period -> period.invoiceId().equals(invoice.id()))) {
                    credit(subscription, invoice, known);
                }
            }
        }
    }

    private void credit(Subscription subscription, InvoiceState invoice, List<Period> known) {
        Optional<Product> plan =
                Waiting.find(catalogue.find(invoice.planCode())).filter(one -> one.kind() == Product.Kind.PLAN);
        String problem = problem(invoice, plan.orElse(null));
        Optional<Allowance> allowance =
                problem != null || plan.isEmpty() ? Optional.empty() : allowance(invoice, plan.get(), known);
        if (allowance.isEmpty()) {
            openCase(
                    problem == null ? "period_unknown" : problem,
                    invoice,
                    "paid " + invoice.paidCents() + " cents " + invoice.currency() + " for '" + invoice.planCode()
                            + "' at " + invoice.planCents());
            return;
        }
        Credited credited = Waiting.of(periods.credit(
                subscription.id(),
                new NewPeriod(
                        invoice.id(),
                        reason(invoice),
                        invoice.planCode(),
                        invoice.from(),
                        invoice.until(),
                        new Credits(allowance.get().seconds()),
                        allowance.get().calls(),
                        new UsdMicros(invoice.paidCents() * MICROS_PER_CENT),
                        invoice.paidCents() == 0 ? null : invoice.paymentIntent()),
                clock.instant()));
        if (credited == Credited.CONFLICT) {
            openCase("invoice_conflict", invoice, "it, or its payment, was credited before, otherwise");
        }
    }

    private @Nullable String problem(InvoiceState invoice, @Nullable Product plan) {
        if (invoice.live() != live) {
            return "other_environment";
        } else if (!invoice.currency().equals("usd")) {
            return "wrong_currency";
        } else if (plan == null || invoice.reason() == InvoiceState.Reason.OTHER) {
            return "unexpected_invoice";
        } else if (invoice.paidCents() > 0 && invoice.paymentIntent() == null) {
            return "no_payment";
        }
        long atPrice = plan.price().amountMicros() / MICROS_PER_CENT;
        boolean fits = invoice.reason() == InvoiceState.Reason.UPDATE
                ? invoice.planCents() <= atPrice
                : invoice.planCents() == atPrice;
        return fits ? null : "amount_mismatch";
    }

    /** Empty when a change is for a period we do not know. */
    private Optional<Allowance> allowance(InvoiceState invoice, Product plan, List<Period> known) {
        if (invoice.reason() != InvoiceState.Reason.UPDATE) {
            return Optional.of(plan.allowance());
        }
        List<Period> ofThis = known.stream()
                .filter(period -> period.endsAt().equals(invoice.until()))
                .toList();
        Optional<Period> whole = ofThis.stream()
                .filter(period -> period.reason() != Period.Reason.UPDATE)
                .findFirst();
        if (whole.isEmpty()) {
            return Optional.empty();
        }
        Product before = Waiting.of(catalogue.find(ofThis.getFirst().planCode()));
        long length =
                Duration.between(whole.get().startsAt(), whole.get().endsAt()).toSeconds();
        long left = Duration.between(invoice.from(), invoice.until()).toSeconds();
        return Optional.of(Allowance.added(before.allowance(), plan.allowance(), Math.min(left, length), length));
    }

    private static Period.Reason reason(InvoiceState invoice) {
        return switch (invoice.reason()) {
            case CREATE -> Period.Reason.CREATE;
            case CYCLE -> Period.Reason.CYCLE;
            case UPDATE -> Period.Reason.UPDATE;
            case OTHER -> throw new IllegalStateException("an invoice for nothing we sell");
        };
    }

    /** Answers whether all fees are known. */
    boolean fees(SubscriptionId id) {
        boolean all = true;
        for (Period period : periods(id)) {
            if (!period.feeKnown()) {
                all &= fee(period, String.valueOf(period.paymentIntent()));
            }
        }
        return all;
    }

    private boolean fee(Period period, String payment) {
        Optional<SubscriptionPayments.Fee> fee = payments.fee(payment);
        if (fee.isEmpty()) {
            Waiting.of(ledger.fee(payment, CardFees.estimate(period.amount()), true));
            return false;
        }
        if (fee.get().currency().equals("usd")) {
            Waiting.of(ledger.fee(payment, new UsdMicros(fee.get().cents() * MICROS_PER_CENT), false));
        } else {
            Waiting.of(cases.open(
                    "fee_currency",
                    "payment " + payment,
                    fee.get().cents() + " " + fee.get().currency(),
                    clock.instant()));
        }
        Waiting.done(periods.feeKnown(period.invoiceId()));
        return true;
    }

    /** The latest first. */
    List<Period> periods(SubscriptionId id) {
        return Waiting.of(periods.list(id, PERIODS_READ).collectList());
    }

    private void openCase(String kind, InvoiceState invoice, String detail) {
        Waiting.of(cases.open(kind, "invoice " + invoice.id(), detail, clock.instant()));
    }
}
