package ai.callmeback.db.purchase;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.callmeback.db.ledger.AuditReport;
import ai.callmeback.db.ledger.GrantSource;
import ai.callmeback.db.ledger.Ledger;
import ai.callmeback.db.ledger.LedgerCorrections;
import ai.callmeback.db.testing.TestDatabase;
import ai.callmeback.domain.Credits;
import ai.callmeback.domain.UsdMicros;
import ai.callmeback.domain.UserId;
import ai.callmeback.domain.purchase.PurchaseId;
import ai.callmeback.domain.purchase.PurchaseStatus;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** Buying on a real PostgreSQL; I6 with its guard, and without. */
class PurchasesTest {
    private static final Instant NOW = Instant.parse("2026-11-21T08:00:00Z");
    private static final UsdMicros PACK = new UsdMicros(14_990_000);

    private TestDatabase database;
    private Purchases purchases;
    private Ledger ledger;
    private UserId user;

    @BeforeEach
    void open() {
        database = TestDatabase.fresh().open();
        purchases = new Purchases(database.client());
        ledger = Ledger.on(database.client(), () -> NOW);
        user = newUser();
    }

    @AfterEach
    void close() {
        database.close();
    }

    @Test
    void pricesOfTestMoneyAndOfRealMoneyAreToldApart() {
        var prices = new StripePrices(database.client());
        assertThat(get(prices.standing(true))).isEqualTo(new StripePrices.Standing(0, 0, 12, 0));
        prices.keep("pack_25", false, "price_1", new UsdMicros(14_990_000), NOW).block();
        prices.keep("pack_50", false, "price_2", new UsdMicros(1_000_000), NOW).block();
        prices.keep("pack_25", false, "price_3", new UsdMicros(14_990_000), NOW).block();

        assertThat(get(prices.standing(false))).isEqualTo(new StripePrices.Standing(2, 1, 10, 0));
        assertThat(get(prices.standing(true))).isEqualTo(new StripePrices.Standing(0, 0, 12, 2));
    }

    @Test
    void theCatalogueHoldsThePricesOfTheProduct() {
        List<Product> products = get(new Catalogue(database.client()).onSale().collectList());

        assertThat(products)
                .extracting(product -> product.code() + " " + product.price())
                .containsExactly(
                        "pack_25 $14.990000",
                        "pack_50 $24.990000",
                        "pack_100 $44.990000",
                        "call_3 $3.990000",
                        "call_5 $4.990000",
                        "call_10 $7.990000",
                        "call_15 $10.990000",
                        "extension_5 $2.990000",
                        "plan_casual $9.990000",
                        "plan_standard $29.990000",
                        "plan_power $49.990000",
                        "plan_pro $99.990000");
        assertThat(products.getLast().fairUseLimitCalls()).isEqualTo(100);
        assertThat(products.getLast().entitlements()).containsEntry("priority", 1);
    }

    @Test
    void theSameWishUnderTheSameKeyIsOnePurchase() {
        PurchaseOutcome first = wish("k1", "pack_25", 2, null);
        PurchaseId id = ((PurchaseOutcome.Accepted) first).id();

        assertThat(wish("k1", "pack_25", 2, null)).isEqualTo(new PurchaseOutcome.Repeated(id));
        assertThat(wish("k1", "pack_25", 3, null)).isEqualTo(new PurchaseOutcome.Conflict());
        assertThat(wish("k2", "gold", 1, null)).isEqualTo(new PurchaseOutcome.Refused("unknown_product"));
        assertThat(wish("k2", "plan_pro", 1, null)).isEqualTo(new PurchaseOutcome.Refused("not_sold_singly"));
        Purchase purchase = get(purchases.find(id));
        assertThat(purchase.amount()).isEqualTo(new UsdMicros(29_980_000));
        assertThat(purchase.credits()).isEqualTo(new Credits(3_000));
        assertThat(get(purchases.due(10, Duration.ofMinutes(10), NOW).collectList()))
                .containsExactly(id);
        assertThat(purchases.findOwned(newUser(), id).blockOptional()).isEmpty();
    }

    @Test
    void aCouponServesAUserOnceUnlessThePurchaseComesToNothing() {
        PurchaseId first = accepted("k1", "pack_25", "WELCOME10");
        assertThat(get(purchases.find(first)).amount())
                .as("13.491 in whole cents, in the payer's favour")
                .isEqualTo(new UsdMicros(13_490_000));
        assertThat(wish("k2", "pack_25", 1, "WELCOME10")).isEqualTo(new PurchaseOutcome.Refused("coupon_used"));
        assertThat(wish("k2", "pack_25", 1, "NOSUCH")).isEqualTo(new PurchaseOutcome.Refused("unknown_coupon"));

        opened(first);
        assertThat(get(purchases.move(first, PurchaseStatus.EXPIRED, "not_paid_in_time", NOW)))
                .isTrue();

        assertThat(wish("k2", "pack_25", 1, "WELCOME10")).isInstanceOf(PurchaseOutcome.Accepted.class);
    }

    /** I6: each payment grants once, however many try at once. */
    @Test
    void i6APaymentGrantsOnce() {
        PurchaseId id = accepted("k1", "pack_25", "FIVEMORE");
        opened(id);

        List<Purchases.CreditOutcome> outcomes = get(Flux.range(0, 8)
                .flatMap(i -> purchases.credit(id, "pi_1", PACK, NOW))
                .collectList());

        assertThat(outcomes).containsOnlyOnce(Purchases.CreditOutcome.CREDITED);
        assertThat(outcomes)
                .filteredOn(Purchases.CreditOutcome.CREDITED_BEFORE::equals)
                .hasSize(7);
        assertThat(get(ledger.balance(user)).available()).isEqualTo(new Credits(1_800));
        assertThat(get(LedgerCorrections.on(database.client(), () -> NOW)
                        .grants(user)
                        .collectList()))
                .satisfiesExactly(
                        bonus -> assertThat(bonus.source()).isEqualTo(GrantSource.PROMO),
                        pack -> assertThat(pack.pricePaid()).isEqualTo(PACK));
        assertThat(get(purchases.credit(id, "pi_2", PACK, NOW))).isEqualTo(Purchases.CreditOutcome.CONFLICT);
        PurchaseId other = accepted("k2", "pack_25", null);
        opened(other);
        assertThat(get(purchases.credit(other, "pi_1", PACK, NOW))).isEqualTo(Purchases.CreditOutcome.CONFLICT);
        assertThat(audit()).isEmpty();
    }

    /** I6, guard: primary key credited_payments_once (above it: the function's look, and the grant's business key). */
    @Test
    void i6WithoutItsGuardAPaymentGrantsTwiceAndTheAuditSaysSo() {
        PurchaseId id = accepted("k1", "pack_25", null);
        opened(id);
        get(purchases.credit(id, "pi_1", PACK, NOW));
        PurchaseId other = accepted("k2", "pack_25", null);
        opened(other);
        String again = "with g as (select (ledger_grant('forgetful', '" + user + "', 1500, 'pack', 14990000, 100, null,"
                + " now())).result ->> 'grantId' as id) insert into credited_payments select 'pi_1', '" + other
                + "', g.id::uuid, 14990000, now() from g; update purchases set status = 'CREDITED' where id = '"
                + other + "'";

        assertThatThrownBy(() -> database.execute(again)).hasMessageContaining("credited_payments_once");
        assertThat(audit()).isEmpty();

        database.execute("alter table credited_payments drop constraint credited_payments_once");
        assertThatCode(() -> database.execute(again)).doesNotThrowAnyException();
        assertThat(audit()).containsExactly("payment_granted_twice");
    }

    @Test
    void moneyThatComesAfterTheEndIsCredited() {
        PurchaseId id = accepted("k1", "call_5", null);
        opened(id);
        get(purchases.move(id, PurchaseStatus.EXPIRED, "not_paid_in_time", NOW));
        purchases.over(id).block();
        assertThat(get(purchases
                        .due(10, Duration.ofMinutes(10), NOW.plusSeconds(3_600))
                        .collectList()))
                .isEmpty();

        get(purchases.credit(id, "pi_1", new UsdMicros(4_990_000), NOW));

        assertThat(get(purchases.find(id)).status()).isEqualTo(PurchaseStatus.CREDITED);
        assertThat(get(purchases.move(id, PurchaseStatus.EXPIRED, null, NOW)))
                .as("only forward")
                .isFalse();
        assertThat(audit()).isEmpty();
    }

    @Test
    void anEventIsStoredAndLeasedOnce() {
        PaymentEvents events = new PaymentEvents(database.client());
        PaymentEvent event = new PaymentEvent("evt_1", "checkout.session.completed", "cs_1", null, null, null, NOW);

        assertThat(get(events.store(event))).isTrue();
        assertThat(get(events.store(event))).isFalse();
        assertThat(get(events.lease(10, Duration.ofSeconds(30), NOW).collectList()))
                .containsExactly(event);
        assertThat(get(events.lease(10, Duration.ofSeconds(30), NOW).collectList()))
                .isEmpty();
        assertThat(get(events.lease(10, Duration.ofSeconds(30), NOW.plusSeconds(31))
                        .collectList()))
                .as("again after a death")
                .hasSize(1);
        events.applied("evt_1", NOW).block();
        assertThat(get(events.lease(10, Duration.ofSeconds(30), NOW.plusSeconds(99))
                        .collectList()))
                .isEmpty();
    }

    /** Guard: the back-off doubles from one second and stops at its cap; nothing is given up. */
    @Test
    void anEventThatFailsRestsLongerEachTimeUpToACap() {
        PaymentEvents events = new PaymentEvents(database.client());
        get(events.store(new PaymentEvent("evt_1", "refund.updated", "re_1", null, null, null, NOW)));
        Instant now = NOW;
        List<Long> rests = new ArrayList<>();
        for (int attempt = 1; attempt <= 14; attempt++) {
            Instant leasedAt = now;
            assertThat(get(events.lease(10, Duration.ofSeconds(30), leasedAt).collectList()))
                    .as("due at attempt %d", attempt)
                    .hasSize(1);
            events.failed("evt_1", "Temporal is down", leasedAt).block();
            Instant next = ((OffsetDateTime) database.query("select next_attempt_at from payment_events")
                            .getFirst()
                            .get("next_attempt_at"))
                    .toInstant();
            rests.add(Duration.between(leasedAt, next).toSeconds());
            now = next;
        }

        assertThat(rests).containsExactly(1L, 2L, 4L, 8L, 16L, 32L, 64L, 128L, 256L, 512L, 600L, 600L, 600L, 600L);
        database.execute("update payment_events set attempts = 2000000000");
        events.failed("evt_1", "Temporal is down", NOW).block();
        assertThat(get(events.lease(10, Duration.ofSeconds(30), NOW.plusSeconds(599))
                        .collectList()))
                .isEmpty();
        assertThat(get(events.lease(10, Duration.ofSeconds(30), NOW.plusSeconds(600))
                        .collectList()))
                .hasSize(1);
    }

    @Test
    void theSameFactIsOneCase() {
        MoneyCases cases = new MoneyCases(database.client());
        assertThat(get(cases.open("amount_mismatch", "purchase 1", "detail", NOW)))
                .isTrue();
        assertThat(get(cases.open("amount_mismatch", "purchase 1", "detail", NOW)))
                .isFalse();
    }

    private List<String> audit() {
        return get(ledger.audit()).violations().stream()
                .map(AuditReport.Violation::rule)
                .toList();
    }

    private PurchaseId accepted(String key, String product, @Nullable String coupon) {
        return ((PurchaseOutcome.Accepted) wish(key, product, 1, coupon)).id();
    }

    private PurchaseOutcome wish(String key, String product, int quantity, @Nullable String coupon) {
        return get(purchases.accept(
                new NewPurchase(new PurchaseId(UUID.randomUUID()), user, product, quantity, coupon, key, NOW)));
    }

    private void opened(PurchaseId id) {
        purchases
                .opened(id, "cs_" + id, "https://pay.example.test/" + id, NOW.plusSeconds(3_600), NOW)
                .block();
    }

    private UserId newUser() {
        UserId id = new UserId(UUID.randomUUID());
        database.execute("insert into users (id, email, password_hash, display_name, country, pseudonym) values ('" + id
                + "', '" + id + "@example.test', 'x', 'Kim', 'US', 'u-" + id + "')");
        return id;
    }

    private static <T> T get(Mono<T> mono) {
        return Objects.requireNonNull(mono.block(Duration.ofSeconds(30)));
    }
}
