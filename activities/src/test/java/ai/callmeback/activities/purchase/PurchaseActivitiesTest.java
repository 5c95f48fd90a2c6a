package ai.callmeback.activities.purchase;

import static org.assertj.core.api.Assertions.assertThat;

import ai.callmeback.db.identity.Users;
import ai.callmeback.db.ledger.Ledger;
import ai.callmeback.db.ledger.LedgerCorrections;
import ai.callmeback.db.purchase.MoneyCases;
import ai.callmeback.db.purchase.NewPurchase;
import ai.callmeback.db.purchase.Purchases;
import ai.callmeback.db.testing.TestDatabase;
import ai.callmeback.db.topup.AutoTopUps;
import ai.callmeback.domain.UsdMicros;
import ai.callmeback.domain.UserId;
import ai.callmeback.domain.purchase.PurchaseId;
import ai.callmeback.domain.purchase.PurchaseStatus;
import ai.callmeback.vendors.mail.MailOutcome;
import ai.callmeback.vendors.payment.CheckoutOutcome;
import ai.callmeback.vendors.payment.CheckoutRequest;
import ai.callmeback.vendors.payment.PaymentState;
import ai.callmeback.vendors.payment.Payments;
import ai.callmeback.vendors.payment.RefundOutcome;
import ai.callmeback.vendors.payment.RefundRequest;
import ai.callmeback.vendors.payment.ReturnedPayment;
import ai.callmeback.vendors.settings.PlatformSettings;
import ai.callmeback.vendors.settings.Secret;
import ai.callmeback.vendors.settings.VendorSettings;
import ai.callmeback.workflows.purchase.PurchaseActivities;
import java.net.URI;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.MapConfigurationPropertySource;
import reactor.core.publisher.Mono;

/** The steps of a purchase on a real PostgreSQL, against a payment vendor that says what the test makes it say. */
class PurchaseActivitiesTest {
    @RegisterExtension
    static final TestDatabase DB = TestDatabase.fresh();

    private static final Instant NOW = Instant.parse("2026-11-21T09:00:00Z");

    private final FakePayments vendor = new FakePayments();
    private Purchases purchases;
    private Ledger ledger;
    private PurchaseActivities activities;
    private UserId user;
    private PurchaseId id;

    /** One checkout, which stands as the test says. */
    private static final class FakePayments implements Payments {
        PaymentState.Stage stage = PaymentState.Stage.OPEN;
        String names = "";
        long cents = 1_499;
        String currency = "usd";
        boolean live;
        String payment = "pi_" + UUID.randomUUID();

        @Override
        public CheckoutOutcome open(CheckoutRequest request) {
            names = names.isEmpty() ? request.purchaseId() : names;
            return new CheckoutOutcome.Opened("cs_" + request.purchaseId(), "https://pay.test/", request.expiresAt());
        }

        @Override
        public Optional<PaymentState> checkout(String sessionId) {
            return Optional.of(new PaymentState(sessionId, stage, names, cents, currency, live, payment, null, null));
        }

        @Override
        public RefundOutcome issueRefund(RefundRequest request) {
            throw new AssertionError("no purchase refunds itself");
        }

        @Override
        public Optional<ReturnedPayment> refund(String refundId) {
            return Optional.empty();
        }

        @Override
        public Optional<ReturnedPayment> dispute(String disputeId) {
            return Optional.empty();
        }
    }

    @BeforeEach
    void open() {
        purchases = new Purchases(DB.client());
        ledger = Ledger.on(DB.client(), () -> NOW);
        VendorSettings vendors = new Binder(
                        new MapConfigurationPropertySource(Map.of("v.stripe.secret-key", "sk_test_1")))
                .bindOrCreate("v", VendorSettings.class);
        activities = new PurchaseActivitiesImpl(
                purchases,
                LedgerCorrections.on(DB.client(), () -> NOW),
                new MoneyCases(DB.client()),
                new Users(DB.client()),
                vendor,
                new TopUpCharges(new AutoTopUps(DB.client()), new FakeSavedCards(), () -> NOW),
                (email, key) -> Mono.just(new MailOutcome.Accepted("mail-1")),
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
        id = new PurchaseId(UUID.randomUUID());
        Waiting.of(purchases.accept(new NewPurchase(id, user, "pack_25", 1, null, "k", NOW)));
        activities.openCheckout(id);
        vendor.stage = PaymentState.Stage.PAID;
    }

    /** The news that the payer was done may be lost, and only that of the bank's refusal arrive. */
    @Test
    void whatTheBankRefusesFailsWhetherOrNotAnybodyLookedMeanwhile() {
        vendor.stage = PaymentState.Stage.FAILED;
        assertThat(activities.examine(id).status()).isEqualTo(PurchaseStatus.FAILED);
        vendor.stage = PaymentState.Stage.PAID;
        assertThat(activities.examine(id).status()).as("paid after all").isEqualTo(PurchaseStatus.CREDITED);
    }

    @Test
    void whatWasAskedForIsCreditedOnceHoweverOftenItIsLookedAt() {
        assertThat(activities.examine(id).status()).isEqualTo(PurchaseStatus.CREDITED);
        assertThat(activities.examine(id).status()).isEqualTo(PurchaseStatus.CREDITED);
        assertThat(activities.sendReceipt(id).status()).isEqualTo(PurchaseStatus.COMPLETED);

        assertThat(availableSeconds()).isEqualTo(1_500);
        assertThat(activities.bookFee(id)).as("only estimated").isFalse();
        assertThat(cases()).isEmpty();
    }

    /** Guard: what is paid must be what was asked, in every respect, or nobody gets credits and finance gets a case. */
    @ParameterizedTest
    @CsvSource({
        "wrong_currency, eur, 1499, false, ''",
        "amount_mismatch, usd, 1498, false, ''",
        "amount_mismatch, usd, 1500, false, ''",
        "amount_mismatch, usd, 0, false, ''",
        "other_environment, usd, 1499, true, ''",
        "other_purchase, usd, 1499, false, 11111111-1111-4111-8111-111111111111",
    })
    void whatWasNotAskedForIsACaseAndNoCredit(
            String problem, String currency, long cents, boolean live, String otherPurchase) {
        vendor.currency = currency;
        vendor.cents = cents;
        vendor.live = live;
        vendor.names = otherPurchase.isEmpty() ? vendor.names : otherPurchase;

        assertThat(activities.examine(id).status()).isEqualTo(PurchaseStatus.CASE);
        assertThat(activities.examine(id).status()).as("and again").isEqualTo(PurchaseStatus.CASE);

        assertThat(availableSeconds()).isZero();
        assertThat(cases()).isEqualTo(problem);
        assertThat(activities.sendReceipt(id).status()).isEqualTo(PurchaseStatus.CASE);
        assertThat(Waiting.of(ledger.audit()).violations()).isEmpty();
    }

    @Test
    void aSecondPaymentOfOnePurchaseIsACase() {
        activities.examine(id);
        vendor.payment = "pi_another";

        activities.examine(id);

        assertThat(availableSeconds()).isEqualTo(1_500);
        assertThat(DB.query("select kind from money_cases where subject = 'payment pi_another'"))
                .containsExactly(Map.of("kind", "paid_twice"));
    }

    /** Half-even: a half of a millionth goes to the even neighbour. */
    @ParameterizedTest
    @CsvSource({"14990000, 734710", "500, 300014", "1500, 300044", "10, 300000", "90, 300003"})
    void aFeeIsEstimatedHalfEven(long amountMicros, long feeMicros) {
        assertThat(CardFees.estimate(new UsdMicros(amountMicros))).isEqualTo(new UsdMicros(feeMicros));
    }

    private long availableSeconds() {
        return Waiting.of(ledger.balance(user)).available().seconds();
    }

    private String cases() {
        return String.join(
                ",",
                DB.query("select kind from money_cases where subject = 'purchase " + id + "'").stream()
                        .map(row -> String.valueOf(row.get("kind")))
                        .toList());
    }
}
