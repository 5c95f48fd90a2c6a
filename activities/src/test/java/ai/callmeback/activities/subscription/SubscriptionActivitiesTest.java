package ai.callmeback.activities.subscription;

import static org.assertj.core.api.Assertions.assertThat;

import ai.callmeback.activities.purchase.Waiting;
import ai.callmeback.db.identity.Users;
import ai.callmeback.db.ledger.Ledger;
import ai.callmeback.db.ledger.LedgerCorrections;
import ai.callmeback.db.purchase.Catalogue;
import ai.callmeback.db.purchase.MoneyCases;
import ai.callmeback.db.subscription.Period;
import ai.callmeback.db.subscription.SubscriptionOrder;
import ai.callmeback.db.subscription.SubscriptionOrders;
import ai.callmeback.db.subscription.SubscriptionPeriods;
import ai.callmeback.db.subscription.Subscriptions;
import ai.callmeback.db.testing.TestDatabase;
import ai.callmeback.domain.UserId;
import ai.callmeback.domain.subscription.SubscriptionId;
import ai.callmeback.domain.subscription.SubscriptionStatus;
import ai.callmeback.vendors.mail.MailOutcome;
import ai.callmeback.vendors.payment.InvoiceState;
import ai.callmeback.vendors.payment.SubscriptionState;
import ai.callmeback.vendors.settings.PlatformSettings;
import ai.callmeback.vendors.settings.Secret;
import ai.callmeback.vendors.settings.VendorSettings;
import ai.callmeback.workflows.subscription.SubscriptionActivities;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.MapConfigurationPropertySource;
import reactor.core.publisher.Mono;

/** The steps of a subscription on a real PostgreSQL, against a payment vendor that says what the test makes it say. */
class SubscriptionActivitiesTest {
    @RegisterExtension
    static final TestDatabase DB = TestDatabase.fresh();

    private static final Instant NOW = Instant.parse("2026-11-21T09:00:00Z");
    private static final long STANDARD = 2_999;
    private static final long POWER = 4_999;

    private final FakeSubscriptions vendor = new FakeSubscriptions(NOW);
    private final List<String> mails = new ArrayList<>();
    private Subscriptions subscriptions;
    private SubscriptionPeriods periods;
    private SubscriptionOrders orders;
    private Ledger ledger;
    private SubscriptionActivities activities;
    private UserId user;
    private SubscriptionId id;

    @BeforeEach
    void open() {
        subscriptions = new Subscriptions(DB.client());
        periods = new SubscriptionPeriods(DB.client());
        orders = new SubscriptionOrders(DB.client());
        ledger = Ledger.on(DB.client(), () -> NOW);
        activities = activities();
        user = new UserId(UUID.randomUUID());
        DB.execute("insert into users (id, email, password_hash, display_name, country, pseudonym) values ('" + user
                + "', '" + user + "@example.test', 'x', 'Kim', 'US', 'u-" + user + "')");
        id = begin("plan_standard");
        activities.openCheckout(id);
    }

    private SubscriptionActivities activities() {
        VendorSettings vendors = new Binder(
                        new MapConfigurationPropertySource(Map.of("v.stripe.secret-key", "sk_test_1")))
                .bindOrCreate("v", VendorSettings.class);
        Catalogue catalogue = new Catalogue(DB.client());
        MoneyCases cases = new MoneyCases(DB.client());
        SubscriptionBooks books = new SubscriptionBooks(
                periods, catalogue, LedgerCorrections.on(DB.client(), () -> NOW), vendor, cases, vendors, () -> NOW);
        return new SubscriptionActivitiesImpl(
                subscriptions,
                periods,
                books,
                new SubscriptionChanges(orders, books, catalogue, vendor, cases, () -> NOW),
                new SubscriptionMails(periods, new Users(DB.client()), catalogue, (email, key) -> {
                    mails.add(email.subject());
                    return Mono.just(new MailOutcome.Accepted("mail-1"));
                }),
                catalogue,
                vendor,
                cases,
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
    }

    @Test
    void aPaidInvoiceBringsItsPeriodOnceHoweverOftenItIsLookedAt() {
        assertThat(status(activities.examine(id))).isEqualTo(SubscriptionStatus.OPEN);
        vendor.pay(STANDARD);

        assertThat(status(activities.examine(id))).isEqualTo(SubscriptionStatus.ACTIVE);
        assertThat(activities.examine(id).periodEndMillis())
                .isEqualTo(vendor.end().toEpochMilli());
        activities.sendNotices(id);
        activities.sendNotices(id);

        assertThat(availableSeconds()).isEqualTo(3_600);
        assertThat(mails).containsExactly("Your receipt");
        vendor.feesKnown = false;
        assertThat(activities.bookFees(id)).as("only estimated").isFalse();
        vendor.feesKnown = true;
        assertThat(activities.bookFees(id)).isTrue();
        sound();
    }

    @Test
    void aRenewalThatIsNotPaidBringsNothingUntilItIs() {
        vendor.pay(STANDARD);
        activities.examine(id);
        vendor.renew(InvoiceState.Stage.OPEN, STANDARD);
        vendor.stage = SubscriptionState.Stage.PAST_DUE;

        assertThat(status(activities.examine(id))).isEqualTo(SubscriptionStatus.PAST_DUE);
        activities.examine(id);
        activities.sendNotices(id);
        assertThat(availableSeconds()).isEqualTo(3_600);
        assertThat(mails).containsExactlyInAnyOrder("Your receipt", "Your payment did not work");

        vendor.invoices.removeFirst();
        vendor.invoice(
                InvoiceState.Stage.PAID, InvoiceState.Reason.CYCLE, STANDARD, STANDARD, "plan_standard", vendor.start);
        vendor.stage = SubscriptionState.Stage.ACTIVE;
        assertThat(status(activities.examine(id))).isEqualTo(SubscriptionStatus.ACTIVE);
        assertThat(availableSeconds()).isEqualTo(7_200);

        vendor.stage = SubscriptionState.Stage.ENDED;
        assertThat(status(activities.examine(id))).isEqualTo(SubscriptionStatus.ENDED);
        vendor.stage = SubscriptionState.Stage.ACTIVE;
        assertThat(status(activities.examine(id))).as("over is over").isEqualTo(SubscriptionStatus.ENDED);
        activities.close(id);
        activities.sendNotices(id);
        assertThat(mails).contains("Your plan has ended");
        sound();
    }

    /** Guard: what is paid must be what was sold, in every respect, or it brings nothing and finance gets a case. */
    @ParameterizedTest
    @CsvSource({
        "wrong_currency, eur, 2999, 2999, plan_standard, false",
        "amount_mismatch, usd, 2998, 2998, plan_standard, false",
        "amount_mismatch, usd, 2999, 2999, plan_power, false",
        "unexpected_invoice, usd, 2999, 2999, pack_25, false",
        "unexpected_invoice, usd, 2999, 2999, '', false",
        "other_environment, usd, 2999, 2999, plan_standard, true",
    })
    void whatWasNotSoldIsACaseAndBringsNothing(
            String problem, String currency, long paid, long forPlan, String plan, boolean live) {
        vendor.paid = true;
        vendor.plan = "plan_standard";
        InvoiceState good =
                vendor.invoice(InvoiceState.Stage.PAID, InvoiceState.Reason.CREATE, paid, forPlan, plan, NOW);
        vendor.invoices.set(
                0,
                new InvoiceState(
                        good.id(),
                        good.stage(),
                        good.reason(),
                        good.paidCents(),
                        good.planCents(),
                        currency,
                        live,
                        plan,
                        good.from(),
                        good.until(),
                        1,
                        null,
                        good.paymentIntent()));

        activities.examine(id);
        activities.examine(id);

        assertThat(availableSeconds()).isZero();
        assertThat(DB.query("select kind from money_cases where subject = 'invoice " + good.id() + "'"))
                .containsExactly(Map.of("kind", problem));
    }

    @Test
    void aBiggerPlanComesAtOnceAndASmallerOneWithTheNextPeriod() {
        vendor.pay(STANDARD);
        activities.examine(id);
        order(SubscriptionOrder.Kind.CHANGE_PLAN, "plan_power");
        activities.carryOut(id);
        activities.carryOut(id);
        vendor.invoice(
                InvoiceState.Stage.PAID,
                InvoiceState.Reason.UPDATE,
                1_000,
                2_500,
                "plan_power",
                NOW.plus(Duration.ofDays(15)));
        activities.examine(id);

        assertThat(availableSeconds()).isEqualTo(3_600 + 2_700);
        order(SubscriptionOrder.Kind.CHANGE_PLAN, "plan_casual");
        order(SubscriptionOrder.Kind.CHANGE_PLAN, "plan_power");
        order(SubscriptionOrder.Kind.CANCEL, null);
        activities.carryOut(id);
        activities.examine(id);
        activities.sendNotices(id);

        assertThat(vendor.asked)
                .containsExactly(
                        "plan_power at once for the difference to plan_standard",
                        "plan_casual next",
                        "plan_power next",
                        "end");
        assertThat(mails).contains("Your plan will end");
        sound();
    }

    @Test
    void aDeclinedCardChangesNothingAndIsTold() {
        vendor.pay(STANDARD);
        activities.examine(id);
        vendor.declines = true;
        order(SubscriptionOrder.Kind.CHANGE_PLAN, "plan_pro");

        activities.carryOut(id);

        SubscriptionOrder last = Waiting.of(orders.latest(id));
        assertThat(last.status()).isEqualTo(SubscriptionOrder.Status.REFUSED);
        assertThat(last.statusReason()).isEqualTo("payment_declined");
        assertThat(vendor.plan).isEqualTo("plan_standard");
    }

    @Test
    void aChangeThatCostsNothingToSpeakOfIsAFreeGrant() {
        vendor.pay(STANDARD);
        activities.examine(id);
        vendor.plan = "plan_power";
        vendor.invoice(
                InvoiceState.Stage.PAID,
                InvoiceState.Reason.UPDATE,
                0,
                30,
                "plan_power",
                vendor.end().minusSeconds(1_000));

        activities.examine(id);

        assertThat(availableSeconds()).isEqualTo(3_602);
        assertThat(activities.bookFees(id)).isTrue();
        sound();
    }

    @Test
    void anotherPlanClosesTheCheckoutThatWasNotPaid() {
        SubscriptionId other = begin("plan_power");

        assertThat(status(activities.examine(id))).isEqualTo(SubscriptionStatus.EXPIRED);
        assertThat(Waiting.of(subscriptions.find(id)).statusReason()).isEqualTo("another_plan");
        assertThat(Waiting.of(subscriptions.find(other)).superseded()).isFalse();
    }

    /**
     * Random lives against a model: every paid invoice is one grant at what was paid, no other money comes in, and the talk of
     * each is what its plan, or its share of the difference, says.
     */
    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 4, 5, 6, 7, 8})
    void randomLivesAddUp(int seed) {
        Random random = new Random(seed);
        Map<String, Long> prices = Map.of("plan_standard", STANDARD, "plan_power", POWER);
        Map<String, Long> talk = Map.of("plan_standard", 3_600L, "plan_power", 9_000L);
        vendor.pay(STANDARD);
        long cents = STANDARD;
        long seconds = 3_600;
        String paidFor = "plan_standard";
        for (int step = 0; step < 25; step++) {
            switch (random.nextInt(4)) {
                case 0 -> {
                    vendor.plan = random.nextBoolean() ? "plan_standard" : "plan_power";
                    vendor.renew(InvoiceState.Stage.PAID, prices.get(vendor.plan));
                    paidFor = vendor.plan;
                    cents += prices.get(paidFor);
                    seconds += talk.get(paidFor);
                }
                case 1 -> {
                    if (paidFor.equals("plan_standard")) {
                        long left = 1 + random.nextLong(FakeSubscriptions.MONTH.toSeconds());
                        long price = 50L + random.nextInt(2_000);
                        vendor.plan = "plan_power";
                        paidFor = "plan_power";
                        vendor.invoice(
                                InvoiceState.Stage.PAID,
                                InvoiceState.Reason.UPDATE,
                                price,
                                price,
                                "plan_power",
                                vendor.end().minusSeconds(left));
                        cents += price;
                        seconds += Math.max(1, 5_400 * left / FakeSubscriptions.MONTH.toSeconds());
                    }
                }
                case 2 ->
                    vendor.invoice(
                            InvoiceState.Stage.OPEN,
                            InvoiceState.Reason.CYCLE,
                            STANDARD,
                            STANDARD,
                            "plan_standard",
                            vendor.start);
                default -> activities.examine(id);
            }
        }
        activities.examine(id);
        activities.examine(id);

        assertThat(availableSeconds()).isEqualTo(seconds);
        assertThat(DB.query(
                        "select sum(price_paid_micros)::bigint as n from ledger_grants where user_id = '" + user + "'"))
                .containsExactly(Map.of("n", cents * 10_000));
        assertThat(Waiting.of(periods.list(id, 100).collectList()))
                .extracting(Period::paymentIntent)
                .doesNotHaveDuplicates();
        sound();
    }

    private void order(SubscriptionOrder.Kind kind, @Nullable String plan) {
        String key = UUID.randomUUID().toString();
        assertThat(Waiting.of(orders.accept(UUID.randomUUID(), id, kind, plan, key, NOW)))
                .isEqualTo(SubscriptionOrders.Accepted.ORDERED);
    }

    private SubscriptionId begin(String plan) {
        SubscriptionId wish = new SubscriptionId(UUID.randomUUID());
        Waiting.of(subscriptions.accept(wish, user, plan, wish.toString(), NOW));
        return wish;
    }

    private static SubscriptionStatus status(SubscriptionActivities.Standing standing) {
        return standing.status();
    }

    private long availableSeconds() {
        return Waiting.of(ledger.balance(user)).available().seconds();
    }

    private void sound() {
        assertThat(Waiting.of(ledger.audit()).violations()).isEmpty();
    }
}
