package ai.callmeback.activities.subscription;

import ai.callmeback.activities.purchase.Checkouts;
import ai.callmeback.activities.purchase.Waiting;
import ai.callmeback.db.purchase.Catalogue;
import ai.callmeback.db.purchase.MoneyCases;
import ai.callmeback.db.purchase.Product;
import ai.callmeback.db.subscription.Subscription;
import ai.callmeback.db.subscription.SubscriptionNotice;
import ai.callmeback.db.subscription.SubscriptionPeriods;
import ai.callmeback.db.subscription.Subscriptions;
import ai.callmeback.domain.subscription.SubscriptionId;
import ai.callmeback.domain.subscription.SubscriptionStatus;
import ai.callmeback.vendors.payment.InvoiceState;
import ai.callmeback.vendors.payment.ShelfItem;
import ai.callmeback.vendors.payment.SubscriptionCheckout;
import ai.callmeback.vendors.payment.SubscriptionPayments;
import ai.callmeback.vendors.payment.SubscriptionState;
import ai.callmeback.vendors.settings.PlatformSettings;
import ai.callmeback.vendors.settings.VendorSettings;
import ai.callmeback.workflows.subscription.SubscriptionActivities;
import io.temporal.failure.ApplicationFailure;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/** Reads the vendor, then moves money: what an event or a browser claims is never believed. */
@Component("subscriptionActivities")
final class SubscriptionActivitiesImpl implements SubscriptionActivities {
    /** Of the subscription, not of the try: a repeat must be the same request to the vendor. */
    private static final Duration CHECKOUT_LIFE = Duration.ofHours(2);

    private final Subscriptions subscriptions;
    private final SubscriptionPeriods notices;
    private final SubscriptionBooks books;
    private final SubscriptionChanges changes;
    private final SubscriptionMails mails;
    private final Catalogue catalogue;
    private final SubscriptionPayments payments;
    private final MoneyCases cases;
    private final PlatformSettings platform;
    private final boolean live;
    private final InstantSource clock;

    SubscriptionActivitiesImpl(
            Subscriptions subscriptions,
            SubscriptionPeriods notices,
            SubscriptionBooks books,
            SubscriptionChanges changes,
            SubscriptionMails mails,
            Catalogue catalogue,
            SubscriptionPayments payments,
            MoneyCases cases,
            PlatformSettings platform,
            VendorSettings vendors,
            InstantSource clock) {
        this.subscriptions = subscriptions;
        this.notices = notices;
        this.books = books;
        this.changes = changes;
        this.mails = mails;
        this.catalogue = catalogue;
        this.payments = payments;
        this.cases = cases;
        this.platform = platform;
        this.live = vendors.stripe().live();
        this.clock = clock;
    }

    @Override
    public Standing openCheckout(SubscriptionId id) {
        Subscription subscription = find(id);
        if (subscription.status() != SubscriptionStatus.NEW) {
            return standing(subscription);
        }
        if (subscription.superseded()) {
            Waiting.of(subscriptions.move(id, SubscriptionStatus.EXPIRED, "another_plan", now()));
            return standing(find(id));
        }
        Checkouts.follow(
                payments.open(new SubscriptionCheckout(
                        id.toString(),
                        shelfItem(Waiting.of(catalogue.find(subscription.planCode()))),
                        platform.publicUri("/#/plan/" + id),
                        platform.publicUri("/#/buy"),
                        subscription.createdAt().plus(CHECKOUT_LIFE))),
                opened -> Waiting.done(
                        subscriptions.opened(id, opened.sessionId(), opened.url(), opened.expiresAt(), now())),
                why -> {
                    openCase("checkout_refused", id, why);
                    Waiting.of(subscriptions.move(id, SubscriptionStatus.FAILED, "checkout_refused", now()));
                });
        return standing(find(id));
    }

    static ShelfItem shelfItem(Product plan) {
        return new ShelfItem(
                plan.code(), plan.title(), plan.price().amountMicros() / SubscriptionBooks.MICROS_PER_CENT, true);
    }

    @Override
    public void carryOut(SubscriptionId id) {
        changes.carryOut(find(id));
    }

    @Override
    public Standing examine(SubscriptionId id) {
        Subscription subscription = find(id);
        String vendorId = subscription.vendorId() == null ? paid(subscription) : subscription.vendorId();
        if (vendorId != null && subscription.status() != SubscriptionStatus.FAILED) {
            SubscriptionState state = payments.subscription(vendorId)
                    .orElseThrow(() -> ApplicationFailure.newFailure("not known there", "payment_vendor"));
            follow(subscription, state);
        }
        return standing(find(id));
    }

    /** The vendor's subscription once the checkout is paid. */
    private @Nullable String paid(Subscription subscription) {
        String session = subscription.checkoutSession();
        if (session == null) {
            return null;
        }
        if (subscription.superseded() && subscription.status() == SubscriptionStatus.OPEN) {
            payments.expire(session);
        }
        SubscriptionPayments.Checkout checkout = payments.checkout(session)
                .orElseThrow(() -> ApplicationFailure.newFailure("the checkout is not known there", "payment_vendor"));
        if (checkout.expired()) {
            Waiting.of(subscriptions.move(
                    subscription.id(),
                    SubscriptionStatus.EXPIRED,
                    subscription.superseded() ? "another_plan" : "not_paid_in_time",
                    now()));
        }
        return checkout.vendorId();
    }

    private void follow(Subscription subscription, SubscriptionState state) {
        SubscriptionId id = subscription.id();
        if (state.live() != live || !state.ours().equals(id.toString())) {
            openCase(
                    state.live() != live ? "other_environment" : "other_subscription",
                    id,
                    "its checkout became " + state.vendorId());
            Waiting.of(subscriptions.move(id, SubscriptionStatus.FAILED, "not_ours", now()));
            return;
        }
        Waiting.done(subscriptions.seen(
                id,
                new Subscriptions.Seen(
                        state.vendorId(),
                        known(state.planCode()) ? state.planCode() : subscription.planCode(),
                        state.periodStart(),
                        state.periodEnd(),
                        state.endsAtPeriodEnd()),
                now()));
        List<InvoiceState> oldestFirst = payments.invoices(state.vendorId()).reversed();
        books.credit(subscription, oldestFirst);
        oldestFirst.forEach(invoice -> dun(id, invoice));
        move(subscription, state);
    }

    private boolean known(String plan) {
        return Waiting.find(catalogue.find(plan)).isPresent();
    }

    private void dun(SubscriptionId id, InvoiceState invoice) {
        Instant next = invoice.nextAttempt();
        if (invoice.stage() == InvoiceState.Stage.OPEN && invoice.attempts() > 0) {
            owe(
                    id,
                    SubscriptionNotice.Kind.PAYMENT_FAILED,
                    invoice.id() + ":" + invoice.attempts() + ":" + (next == null ? "" : next.getEpochSecond()));
        }
    }

    private void move(Subscription subscription, SubscriptionState state) {
        SubscriptionId id = subscription.id();
        switch (state.stage()) {
            case BEGINNING -> {
                // Nothing has been paid.
            }
            case ACTIVE -> {
                if (Waiting.of(subscriptions.move(id, SubscriptionStatus.ACTIVE, null, now()))) {
                    Waiting.find(subscriptions.another(subscription))
                            .ifPresent(other -> openCase("two_subscriptions", id, "and " + other));
                }
                if (state.endsAtPeriodEnd()) {
                    owe(id, SubscriptionNotice.Kind.ENDING, SubscriptionMails.date(state.periodEnd()));
                }
            }
            case PAST_DUE -> {
                begun(id);
                Waiting.of(subscriptions.move(id, SubscriptionStatus.PAST_DUE, null, now()));
            }
            case ENDED -> {
                begun(id);
                String reason = state.endsAtPeriodEnd() || subscription.endsAtPeriodEnd()
                        ? "cancelled"
                        : subscription.status() == SubscriptionStatus.PAST_DUE ? "not_paid" : "ended_by_vendor";
                if (Waiting.of(subscriptions.move(id, SubscriptionStatus.ENDED, reason, now()))) {
                    owe(id, SubscriptionNotice.Kind.ENDED, reason);
                }
            }
        }
    }

    /** It was paid once, also if we look for the first time after that was over. */
    private void begun(SubscriptionId id) {
        SubscriptionStatus status = find(id).status();
        if (status == SubscriptionStatus.OPEN || status == SubscriptionStatus.EXPIRED) {
            Waiting.of(subscriptions.move(id, SubscriptionStatus.ACTIVE, null, now()));
        }
    }

    private void owe(SubscriptionId id, SubscriptionNotice.Kind kind, String ref) {
        Waiting.done(notices.notice(new SubscriptionNotice(id, kind, ref), now()));
    }

    @Override
    public void sendNotices(SubscriptionId id) {
        mails.send(find(id));
    }

    @Override
    public boolean bookFees(SubscriptionId id) {
        return books.fees(id);
    }

    @Override
    public void close(SubscriptionId id) {
        Waiting.done(subscriptions.over(id));
    }

    private Subscription find(SubscriptionId id) {
        return Waiting.of(subscriptions.find(id));
    }

    private void openCase(String kind, SubscriptionId id, String detail) {
        Waiting.of(cases.open(kind, "subscription " + id, detail, now()));
    }

    private static Standing standing(Subscription subscription) {
        return new Standing(
                subscription.status(), millis(subscription.checkoutExpiresAt()), millis(subscription.periodEnd()));
    }

    private static long millis(@Nullable Instant instant) {
        return instant == null ? 0 : instant.toEpochMilli();
    }

    private Instant now() {
        return clock.instant();
    }
}
