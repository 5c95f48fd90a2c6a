package ai.callmeback.activities.purchase;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.callmeback.activities.purchase.FakeSavedCards.Next;
import ai.callmeback.db.purchase.Purchase;
import ai.callmeback.db.purchase.Purchases;
import ai.callmeback.db.testing.TestDatabase;
import ai.callmeback.db.topup.AutoTopUp;
import ai.callmeback.db.topup.AutoTopUpChoice;
import ai.callmeback.db.topup.AutoTopUps;
import ai.callmeback.db.topup.CardSetups;
import ai.callmeback.db.topup.LookOutcome;
import ai.callmeback.domain.Credits;
import ai.callmeback.domain.UsdMicros;
import ai.callmeback.domain.UserId;
import ai.callmeback.domain.purchase.PurchaseId;
import ai.callmeback.domain.purchase.PurchaseStatus;
import ai.callmeback.domain.topup.AutoTopUpStatus;
import ai.callmeback.domain.topup.CardSetupId;
import ai.callmeback.vendors.payment.PaymentState;
import ai.callmeback.vendors.payment.PaymentState.Stage;
import ai.callmeback.vendors.payment.PaymentVendorException;
import java.time.Instant;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Charging a saved card, on a real PostgreSQL: once, whatever becomes of the answer, and only what is still wanted. */
class TopUpChargesTest {
    @RegisterExtension
    static final TestDatabase DB = TestDatabase.fresh();

    private static final Instant NOW = Instant.parse("2026-11-21T09:00:00Z");

    private final FakeSavedCards vendor = new FakeSavedCards();
    private final PurchaseId id = new PurchaseId(UUID.randomUUID());
    private AutoTopUps topUps;
    private Purchases purchases;
    private TopUpCharges charges;
    private UserId user;

    @BeforeEach
    void aPackIsWanted() {
        topUps = new AutoTopUps(DB.client());
        purchases = new Purchases(DB.client());
        charges = new TopUpCharges(topUps, vendor, () -> NOW);
        user = new UserId(UUID.randomUUID());
        DB.execute("insert into users (id, email, password_hash, display_name, country, pseudonym) values ('" + user
                + "', '" + user + "@example.test', 'x', 'Kim', 'US', 'u-" + user + "')");
        choose();
        CardSetups setups = new CardSetups(DB.client());
        CardSetupId setup =
                new CardSetupId((UUID) DB.query("select id from card_setups where topup_id = '" + topUp().id() + "'")
                        .getFirst()
                        .get("id"));
        Waiting.done(setups.opened(setup, "cs_" + setup, "https://pay.test/", NOW, NOW));
        Waiting.of(setups.saved(
                setup, new CardSetups.Saved("cus_1", "pm_1", new AutoTopUp.Card("visa", "4242", "12/2030")), NOW));
        assertThat(Waiting.of(topUps.look(topUp().id(), id, NOW))).isEqualTo(LookOutcome.BEGUN);
        charges.prepare(purchase());
    }

    @Test
    void theCardIsChargedOnce() {
        assertThat(vendor.prepared.getFirst().amountCents()).isEqualTo(1_499);
        assertThat(purchase().status()).isEqualTo(PurchaseStatus.OPEN);
        assertThat(vendor.charged).as("prepared is not paid").isEmpty();

        assertThat(charge().stage()).isEqualTo(Stage.PAID);
        assertThat(charge().stage()).isEqualTo(Stage.PAID);

        assertThat(vendor.charged).hasSize(1);
        assertThat(vendor.confirmations).isEqualTo(1);
    }

    /** An unknown outcome is resolved by reading; a second confirmation happens only when the first did not. */
    @ParameterizedTest
    @CsvSource({"DONE_AND_LOST, 1", "LOST, 2"})
    void anAnswerThatIsLostIsNoSecondCharge(Next first, int confirmations) {
        vendor.next = first;
        assertThatThrownBy(this::charge).isInstanceOf(PaymentVendorException.class);
        vendor.next = Next.DONE;

        assertThat(charge().stage()).isEqualTo(Stage.PAID);

        assertThat(vendor.charged).hasSize(1);
        assertThat(vendor.confirmations).isEqualTo(confirmations);
    }

    @ParameterizedTest
    @CsvSource({"DECLINED, card_declined", "AUTHENTICATION_REQUIRED, authentication_required"})
    void aRefusedCardIsNotTriedAgain(Next refusal, String reason) {
        vendor.next = refusal;
        assertThat(charge().stage()).isEqualTo(Stage.FAILED);
        vendor.next = Next.DONE;
        charge();

        assertThat(purchase().status()).isEqualTo(PurchaseStatus.FAILED);
        assertThat(purchase().statusReason()).isEqualTo(reason);
        assertThat(topUp().status()).isEqualTo(AutoTopUpStatus.NEEDS_ATTENTION);
        assertThat(topUp().statusReason()).isEqualTo(reason);
        assertThat(vendor.confirmations).isEqualTo(1);
        assertThat(vendor.payment(String.valueOf(purchase().topUpPayment()))
                        .orElseThrow()
                        .over())
                .as("nobody can pay it any more")
                .isTrue();
    }

    @Test
    void whatWasSwitchedOffInTheMeantimeIsNotCharged() {
        vendor.next = Next.LOST;
        assertThatThrownBy(this::charge).isInstanceOf(PaymentVendorException.class);
        Waiting.done(topUps.switchOff(user, NOW));
        vendor.next = Next.DONE;

        charge();

        assertThat(vendor.charged).isEmpty();
        assertThat(purchase().statusReason()).isEqualTo("switched_off");
        assertThat(topUp().status()).isEqualTo(AutoTopUpStatus.OFF);
    }

    /** The answer was lost, the person switched off, and it turns out that the money was taken: it is not lost. */
    @Test
    void whatWasPaidBeforeIsStillPaid() {
        vendor.next = Next.DONE_AND_LOST;
        assertThatThrownBy(this::charge).isInstanceOf(PaymentVendorException.class);
        Waiting.done(topUps.switchOff(user, NOW));

        assertThat(charge().stage()).isEqualTo(Stage.PAID);
        assertThat(vendor.charged).hasSize(1);
    }

    private void choose() {
        Waiting.of(topUps.set(
                new AutoTopUpChoice(user, "pack_25", new Credits(300), new UsdMicros(50_000_000), false, NOW)));
    }

    private PaymentState charge() {
        return charges.charge(purchase()).orElseThrow();
    }

    private AutoTopUp topUp() {
        return Waiting.of(topUps.find(user, NOW));
    }

    private Purchase purchase() {
        return Waiting.of(purchases.find(id));
    }
}
