package ai.callmeback.activities.topup;

import ai.callmeback.activities.purchase.Checkouts;
import ai.callmeback.activities.purchase.Waiting;
import ai.callmeback.db.purchase.MoneyCases;
import ai.callmeback.db.topup.AutoTopUp;
import ai.callmeback.db.topup.CardSetup;
import ai.callmeback.db.topup.CardSetups;
import ai.callmeback.domain.topup.CardSetupId;
import ai.callmeback.domain.topup.CardSetupStatus;
import ai.callmeback.vendors.payment.CardSetupRequest;
import ai.callmeback.vendors.payment.CardSetupState;
import ai.callmeback.vendors.payment.SavedCards;
import ai.callmeback.vendors.settings.PlatformSettings;
import ai.callmeback.vendors.settings.VendorSettings;
import ai.callmeback.workflows.topup.CardSetupActivities;
import io.temporal.failure.ApplicationFailure;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/** Reads the vendor, then keeps what was saved: what an event or a browser claims is never believed. */
@Component("cardSetupActivities")
final class CardSetupActivitiesImpl implements CardSetupActivities {
    /** Of the setup, not of the try: a repeat must be the same request to the vendor. */
    private static final Duration PAGE_LIFE = Duration.ofHours(2);

    private final CardSetups setups;
    private final SavedCards cards;
    private final MoneyCases cases;
    private final PlatformSettings platform;
    private final boolean live;
    private final InstantSource clock;

    CardSetupActivitiesImpl(
            CardSetups setups,
            SavedCards cards,
            MoneyCases cases,
            PlatformSettings platform,
            VendorSettings vendors,
            InstantSource clock) {
        this.setups = setups;
        this.cards = cards;
        this.cases = cases;
        this.platform = platform;
        this.live = vendors.stripe().live();
        this.clock = clock;
    }

    @Override
    public Standing open(CardSetupId id) {
        CardSetup setup = find(id);
        if (setup.status() != CardSetupStatus.NEW) {
            return standing(setup);
        }
        Checkouts.follow(
                cards.open(new CardSetupRequest(
                        id.toString(),
                        setup.customer(),
                        platform.publicUri("/#/buy"),
                        platform.publicUri("/#/buy"),
                        setup.createdAt().plus(PAGE_LIFE))),
                opened -> Waiting.done(setups.opened(id, opened.sessionId(), opened.url(), opened.expiresAt(), now())),
                why -> {
                    openCase("checkout_refused", id, why);
                    Waiting.done(setups.ended(id, CardSetupStatus.FAILED, now()));
                });
        return standing(find(id));
    }

    @Override
    public Standing examine(CardSetupId id) {
        CardSetup setup = find(id);
        String session = setup.session();
        if (session != null && setup.status() == CardSetupStatus.WITHDRAWN) {
            cards.expire(session);
            // One that was saved just before is not kept.
            cards.setup(session)
                    .filter(state -> state.setupId().equals(id.toString()))
                    .ifPresent(state -> saved(id, state.card()));
        } else if (session != null && setup.status() == CardSetupStatus.OPEN) {
            follow(
                    id,
                    cards.setup(session)
                            .orElseThrow(() ->
                                    ApplicationFailure.newFailure("the page is not known there", "payment_vendor")));
        }
        return standing(find(id));
    }

    private void follow(CardSetupId id, CardSetupState state) {
        CardSetupState.SavedCard card = state.card();
        if (state.live() != live || !state.setupId().equals(id.toString())) {
            openCase(state.live() != live ? "other_environment" : "other_card_setup", id, "its page is not ours");
            Waiting.done(setups.ended(id, CardSetupStatus.FAILED, now()));
        } else if (card != null) {
            saved(id, card);
        } else if (state.expired()) {
            Waiting.done(setups.ended(id, CardSetupStatus.EXPIRED, now()));
        }
    }

    private void saved(CardSetupId id, CardSetupState.@Nullable SavedCard card) {
        if (card != null) {
            Waiting.of(setups.saved(
                    id,
                    new CardSetups.Saved(
                            card.customer(),
                            card.paymentMethod(),
                            new AutoTopUp.Card(card.brand(), card.last4(), card.expires())),
                    now()));
        }
    }

    @Override
    public void close(CardSetupId id) {
        Waiting.done(setups.over(id));
    }

    private CardSetup find(CardSetupId id) {
        return Waiting.of(setups.find(id));
    }

    private void openCase(String kind, CardSetupId id, String detail) {
        Waiting.of(cases.open(kind, "card setup " + id, detail, now()));
    }

    private static Standing standing(CardSetup setup) {
        Instant expiresAt = setup.expiresAt();
        return new Standing(setup.status(), expiresAt == null ? 0 : expiresAt.toEpochMilli());
    }

    private Instant now() {
        return clock.instant();
    }
}
