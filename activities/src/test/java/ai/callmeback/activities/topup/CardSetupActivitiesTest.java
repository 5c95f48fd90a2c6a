package ai.callmeback.activities.topup;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.callmeback.activities.purchase.FakeSavedCards;
import ai.callmeback.activities.purchase.Waiting;
import ai.callmeback.db.identity.Users;
import ai.callmeback.db.purchase.MoneyCases;
import ai.callmeback.db.testing.TestDatabase;
import ai.callmeback.db.topup.AutoTopUp;
import ai.callmeback.db.topup.AutoTopUpChoice;
import ai.callmeback.db.topup.AutoTopUpNotices;
import ai.callmeback.db.topup.AutoTopUps;
import ai.callmeback.db.topup.CardDetachments;
import ai.callmeback.db.topup.CardSetups;
import ai.callmeback.db.topup.LookOutcome;
import ai.callmeback.domain.Credits;
import ai.callmeback.domain.UsdMicros;
import ai.callmeback.domain.UserId;
import ai.callmeback.domain.policy.Limits;
import ai.callmeback.domain.purchase.PurchaseId;
import ai.callmeback.domain.topup.AutoTopUpStatus;
import ai.callmeback.domain.topup.CardSetupId;
import ai.callmeback.domain.topup.CardSetupStatus;
import ai.callmeback.vendors.mail.Email;
import ai.callmeback.vendors.mail.MailOutcome;
import ai.callmeback.vendors.payment.CardSetupState;
import ai.callmeback.vendors.payment.CardSetupState.SavedCard;
import ai.callmeback.vendors.settings.PlatformSettings;
import ai.callmeback.vendors.settings.Secret;
import ai.callmeback.vendors.settings.VendorSettings;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.MapConfigurationPropertySource;
import reactor.core.publisher.Mono;

/** The saving of a card and what is told about it, on a real PostgreSQL, against a vendor that says what the test makes it say. */
class CardSetupActivitiesTest {
    @RegisterExtension
    static final TestDatabase DB = TestDatabase.fresh();

    private static final Instant NOW = Instant.parse("2026-11-21T09:00:00Z");
    private static final SavedCard CARD = new SavedCard("cus_1", "pm_1", "visa", "4242", "12/2030");

    private final FakeSavedCards vendor = new FakeSavedCards();
    private AutoTopUps topUps;
    private CardSetupActivitiesImpl activities;
    private UserId user;
    private CardSetupId id;

    @BeforeEach
    void aCardIsWanted() {
        topUps = new AutoTopUps(DB.client());
        VendorSettings vendors = new Binder(
                        new MapConfigurationPropertySource(Map.of("v.stripe.secret-key", "sk_test_1")))
                .bindOrCreate("v", VendorSettings.class);
        activities = new CardSetupActivitiesImpl(
                new CardSetups(DB.client()),
                vendor,
                new MoneyCases(DB.client()),
                new PlatformSettings(
                        "test",
                        Set.of(),
                        Set.of(),
                        URI.create("http://127.0.0.1:8080"),
                        null,
                        Secret.NONE,
                        Secret.NONE),
                vendors,
                () -> NOW);
        user = new UserId(UUID.randomUUID());
        DB.execute("insert into users (id, email, password_hash, display_name, country, pseudonym) values ('" + user
                + "', '" + user + "@example.test', 'x', 'Kim', 'US', 'u-" + user + "')");
        Waiting.of(topUps.set(
                new AutoTopUpChoice(user, "pack_25", new Credits(300), new UsdMicros(15_000_000), false, NOW)));
        id = new CardSetupId((UUID) DB.query("select id from card_setups where topup_id = '" + topUp().id() + "'")
                .getFirst()
                .get("id"));
        assertThat(activities.open(id).status()).isEqualTo(CardSetupStatus.OPEN);
        assertThat(activities.open(id).expiresAtMillis())
                .isEqualTo(NOW.plusSeconds(7_200).toEpochMilli());
    }

    @Test
    void aSavedCardSwitchesItOnOnce() {
        says(id.toString(), false, false, null);
        assertThat(activities.examine(id).status()).isEqualTo(CardSetupStatus.OPEN);
        says(id.toString(), false, false, CARD);
        assertThat(activities.examine(id).status()).isEqualTo(CardSetupStatus.SAVED);
        assertThat(activities.examine(id).status()).isEqualTo(CardSetupStatus.SAVED);

        assertThat(topUp().status()).isEqualTo(AutoTopUpStatus.ON);
        assertThat(topUp().card()).isEqualTo(new AutoTopUp.Card("visa", "4242", "12/2030"));
    }

    @Test
    void whatIsNotOursIsACaseAndSavesNothing() {
        says("another", false, false, CARD);
        assertThat(activities.examine(id).status()).isEqualTo(CardSetupStatus.FAILED);
        assertThat(topUp().status()).isEqualTo(AutoTopUpStatus.OFF);
        assertThat(DB.query("select kind from money_cases where subject = 'card setup " + id + "'"))
                .containsExactly(Map.of("kind", "other_card_setup"));
    }

    @Test
    void aPageOfOneThatIsSwitchedOffIsClosed() {
        Waiting.done(topUps.switchOff(user, NOW));
        assertThat(activities.examine(id).status()).isEqualTo(CardSetupStatus.WITHDRAWN);
        assertThat(vendor.expired).isTrue();
        activities.close(id);
        assertThat(DB.query("select start_due_at from card_setups where id = '" + id + "' and start_due_at is null"))
                .hasSize(1);
    }

    /** Also one that was saved a moment before its page was closed. */
    @Test
    void aCardThatNobodyWaitsForIsDetachedOnceTheVendorIsThere() {
        String card = "pm_" + id;
        says(id.toString(), false, false, new SavedCard("cus_1", card, "visa", "4242", "12/2030"));
        Waiting.done(topUps.switchOff(user, NOW));
        activities.examine(id);
        activities.examine(id);
        assertThat(topUp().status()).isEqualTo(AutoTopUpStatus.OFF);
        Instant[] now = {NOW};
        CardDetachmentRelay relay = new CardDetachmentRelay(new CardDetachments(DB.client()), vendor, () -> now[0]);
        vendor.away = true;
        assertThat(relay.round()).isEqualTo(1);
        vendor.away = false;
        assertThat(relay.round()).as("it rests").isZero();
        now[0] = NOW.plusSeconds(5);

        relay.round();
        relay.round();

        assertThat(vendor.detached).containsExactly(card);
        assertThat(DB.query("select attempts from card_detachments where detached_at is not null"
                        + " and payment_method = '" + card + "'"))
                .containsExactly(Map.of("attempts", 2));

        now[0] = NOW.plus(Limits.TRANSCRIPT_RETENTION).plusSeconds(1);
        DB.execute("insert into card_detachments (payment_method, asked_at, detach_at) values ('pm_later', '" + now[0]
                + "', '" + now[0] + "')");
        relay.round();
        assertThat(DB.query("select 1 from card_detachments where payment_method = '" + card + "'"))
                .as("still within the retention, by four seconds")
                .hasSize(1);
        now[0] = now[0].plusSeconds(10);
        DB.execute("insert into card_detachments (payment_method, asked_at, detach_at) values ('pm_last', '" + now[0]
                + "', '" + now[0] + "')");
        relay.round();
        assertThat(DB.query(
                        "select payment_method from card_detachments where payment_method in ('pm_later', 'pm_last', '"
                                + card + "') order by 1"))
                .as("the old one is forgotten")
                .containsExactly(Map.of("payment_method", "pm_last"), Map.of("payment_method", "pm_later"));
    }

    /** Guard: one is taken at a time. What a process took that died waits for the lease, and nothing else does. */
    @Test
    void aProcessThatDiesHoldsUpOneCardForTwoMinutes() {
        CardDetachments detachments = new CardDetachments(DB.client());
        Instant[] now = {NOW};
        FakeSavedCards deadly = new FakeSavedCards() {
            @Override
            public void detach(String paymentMethod) {
                throw new AssertionError("killed");
            }
        };
        DB.execute("update card_detachments set detach_at = null, detached_at = asked_at where detach_at is not null");
        DB.execute("insert into card_detachments (payment_method, asked_at, detach_at) values ('pm_first', '" + NOW
                + "', '" + NOW.minusSeconds(1) + "'), ('pm_second', '" + NOW + "', '" + NOW + "')");
        assertThatThrownBy(new CardDetachmentRelay(detachments, deadly, () -> now[0])::round)
                .isInstanceOf(AssertionError.class);

        CardDetachmentRelay alive = new CardDetachmentRelay(detachments, vendor, () -> now[0]);
        alive.round();
        assertThat(vendor.detached).containsExactly("pm_second");
        now[0] = NOW.plus(Duration.ofMinutes(2));
        alive.round();
        assertThat(vendor.detached).containsExactly("pm_second", "pm_first");
    }

    @Test
    void aPageThatExpiredLeavesItOff() {
        says(id.toString(), true, false, null);
        assertThat(activities.examine(id).status()).isEqualTo(CardSetupStatus.EXPIRED);
        assertThat(topUp().statusReason()).isEqualTo("card_not_saved");
    }

    /** One e-mail when it stops, and one a month when the cap is reached; what the mail vendor refuses for now is tried again. */
    @Test
    void whatMustBeToldIsToldOnce() {
        says(id.toString(), false, false, CARD);
        activities.examine(id);
        PurchaseId first = new PurchaseId(UUID.randomUUID());
        assertThat(Waiting.of(topUps.look(topUp().id(), first, NOW))).isEqualTo(LookOutcome.BEGUN);
        DB.execute("update purchases set status = 'CREDITED' where id = '" + first + "'");
        assertThat(Waiting.of(topUps.look(topUp().id(), new PurchaseId(UUID.randomUUID()), NOW)))
                .isEqualTo(LookOutcome.CAP_REACHED);
        DB.execute("update purchases set status = 'PROCESSING' where id = '" + first + "'");
        Waiting.done(topUps.failed(first, "authentication_required", NOW));
        List<Email> sent = new ArrayList<>();
        TopUpMails mails = new TopUpMails(
                new AutoTopUpNotices(DB.client()),
                new Users(DB.client()),
                (email, key) -> {
                    sent.add(email);
                    return Mono.just(new MailOutcome.Accepted("mail-1"));
                },
                () -> NOW);

        mails.round();
        mails.round();

        assertThat(sent)
                .filteredOn(email -> email.to().equals(user + "@example.test"))
                .extracting(Email::subject)
                .containsExactlyInAnyOrder(
                        "Your auto top-up has reached its monthly cap", "Your auto top-up has stopped");
        assertThat(sent).anyMatch(email -> email.text().contains("your bank wants to ask you"));
    }

    private void says(String setup, boolean expired, boolean live, @Nullable SavedCard card) {
        vendor.setup = new CardSetupState(setup, expired, live, card);
    }

    private AutoTopUp topUp() {
        return Waiting.of(topUps.find(user, NOW));
    }
}
