package ai.callmeback.db.purchase;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.callmeback.db.testing.TestDatabase;
import ai.callmeback.domain.UsdMicros;
import ai.callmeback.domain.UserId;
import ai.callmeback.domain.purchase.PurchaseId;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** The guards of buying: what is refused below the functions, and what many who try at once come to. */
class PurchaseGuardsTest {
    private static final Instant NOW = Instant.parse("2026-11-21T08:00:00Z");
    private static final UsdMicros PACK = new UsdMicros(14_990_000);
    private static final int AT_ONCE = 12;

    @RegisterExtension
    static final TestDatabase DB = TestDatabase.fresh();

    private Purchases purchases;
    private RefundOrders refunds;
    private UserId user;

    @BeforeEach
    void person() {
        purchases = new Purchases(DB.client());
        refunds = new RefundOrders(DB.client());
        user = newUser();
    }

    /** Guards: the user's lock in purchase_accept, above unique purchases_once_per_key. */
    @Test
    void ofManyWishesUnderOneKeyOneIsAccepted() throws Exception {
        List<PurchaseOutcome> outcomes = get(Flux.range(0, AT_ONCE)
                .flatMap(i -> accept("k", "pack_25", null), AT_ONCE)
                .collectList());

        assertThat(outcomes)
                .filteredOn(PurchaseOutcome.Accepted.class::isInstance)
                .hasSize(1);
        assertThat(outcomes)
                .filteredOn(PurchaseOutcome.Repeated.class::isInstance)
                .hasSize(AT_ONCE - 1);
        assertThat(DB.during(wish(user, "late", null), accept("late", "pack_25", null)))
                .isInstanceOf(PurchaseOutcome.Repeated.class);
        refused(
                "insert into purchases (id, user_id, product_code, quantity, amount_micros, seconds, status,"
                        + " idempotency_key, request, created_at, updated_at) select gen_random_uuid(), user_id,"
                        + " product_code, quantity, amount_micros, seconds, status, idempotency_key, request, created_at,"
                        + " updated_at from purchases where user_id = '" + user + "'",
                "purchases_once_per_key");
    }

    /** Guards: unique purchases_session_once, checks purchases_amount, purchases_quantity and purchases_status. */
    @Test
    void aPurchaseIsWithinBounds() {
        PurchaseId one = accepted("a");
        PurchaseId two = accepted("b");
        purchases.opened(one, "cs_" + one, "url", NOW, NOW).block();
        refused("update purchases set checkout_session = 'cs_" + one + "' where id = '" + two + "'", "session_once");
        refused("update purchases set amount_micros = 14990001 where id = '" + one + "'", "purchases_amount");
        refused("update purchases set quantity = 11 where id = '" + one + "'", "purchases_quantity");
        refused("update purchases set status = 'PAID' where id = '" + one + "'", "purchases_status");
        refused("update products set price_micros = 1 where code = 'pack_25'", "products_price");
    }

    /** Guards: the coupon's lock and count in purchase_accept, above primary key coupon_redemptions_once_per_user. */
    @Test
    void aCouponIsRedeemedAsOftenAsItSaysAndOncePerPerson() throws Exception {
        String coupon =
                "C" + Long.toHexString(user.value().getMostSignificantBits()).toUpperCase(java.util.Locale.ROOT);
        DB.execute("insert into coupons (code, percent_off, max_redemptions) values ('" + coupon + "', 10, 2)");
        List<PurchaseOutcome> outcomes = get(Flux.range(0, AT_ONCE)
                .map(i -> newUser())
                .flatMap(person -> accept(person, "k", "pack_25", coupon), AT_ONCE)
                .collectList());

        assertThat(outcomes)
                .filteredOn(PurchaseOutcome.Accepted.class::isInstance)
                .hasSize(2);
        assertThat(outcomes)
                .filteredOn(new PurchaseOutcome.Refused("coupon_used")::equals)
                .hasSize(AT_ONCE - 2);
        DB.execute("update coupons set max_redemptions = 3 where code = '" + coupon + "'");
        assertThat(DB.during(wish(newUser(), "k", coupon), accept("k", "pack_25", coupon)))
                .isEqualTo(new PurchaseOutcome.Refused("coupon_used"));
        refused(
                "insert into coupon_redemptions select coupon_code, user_id, purchase_id from coupon_redemptions",
                "coupon_redemptions_once_per_user");
    }

    /** I6, guard: the lock of the purchase in purchase_credit. A repeat waits for the first, and finds it done. */
    @Test
    void i6ACreditUnderWayIsWaitedFor() throws Exception {
        PurchaseId id = accepted("slow");
        String first = "select purchase_credit('" + id + "', 'pi_slow', 14990000, now())";

        assertThat(DB.during(first, purchases.credit(id, "pi_slow", PACK, NOW)))
                .isEqualTo(Purchases.CreditOutcome.CREDITED_BEFORE);
    }

    /** I6, guards: unique credited_payments_purchase_once, trigger credited_payments_append_only. */
    @Test
    void i6APurchaseIsPaidOnce() {
        PurchaseId id = credited("k");
        refused(
                "insert into credited_payments select 'pi_other', purchase_id, grant_id, amount_micros, credited_at from"
                        + " credited_payments where purchase_id = '" + id + "'",
                "credited_payments_purchase_once");
        refused("update credited_payments set amount_micros = 1 where purchase_id = '" + id + "'", "not allowed");
        refused("delete from credited_payments where purchase_id = '" + id + "'", "not allowed");
    }

    /** Guards: the purchase's lock in refund_order_accept, above unique refund_orders_once; refund_left. */
    @Test
    void ofManyRefundsAtOnceNoMoreIsOrderedThanWasPaid() throws Exception {
        PurchaseId other = credited("other");
        String all = "select * from refund_order_accept(gen_random_uuid(), '" + other + "', '" + user
                + "', 'a', null, 'test', now())";
        assertThat(DB.during(all, order(other, "b", new UsdMicros(1_000_000))))
                .isInstanceOf(RefundOrderOutcome.Exceeds.class);
        PurchaseId id = credited("k");
        List<RefundOrderOutcome> outcomes = get(Flux.range(0, AT_ONCE)
                .flatMap(i -> order(id, "k" + i, new UsdMicros(5_000_000)), AT_ONCE)
                .collectList());

        assertThat(outcomes)
                .filteredOn(RefundOrderOutcome.Accepted.class::isInstance)
                .as("of 14.99, 5.00 each")
                .hasSize(2);
        List<RefundOrderOutcome> same = get(Flux.range(0, AT_ONCE)
                .flatMap(i -> order(id, "same", new UsdMicros(4_990_000)), AT_ONCE)
                .collectList());
        assertThat(same).containsOnly(same.getFirst());
        assertThat(same.getFirst()).isInstanceOf(RefundOrderOutcome.Accepted.class);
        refused(
                "insert into refund_orders select gen_random_uuid(), purchase_id, idempotency_key, request, ordered_by,"
                        + " amount_micros, note, status, status_reason, vendor_refund_id, created_at, updated_at from"
                        + " refund_orders where idempotency_key = 'same'",
                "refund_orders_once");
        refused("update refund_orders set amount_micros = 0 where purchase_id = '" + id + "'", "refund_orders_amount");
        refused("update refund_orders set status = 'ISSUED' where purchase_id = '" + id + "'", "refund_orders_status");
        refused(
                "update refund_orders set status = 'ISSUED', vendor_refund_id = 're' where purchase_id = '" + id + "'",
                "refund_orders_vendor_once");
    }

    /** Guards: the keys of first_calls, also while two book at once, and trigger first_calls_append_only. */
    @Test
    void aPersonHasOneFirstCall() {
        String number = "'+1415555" + (1_000 + Math.floorMod(user.hashCode(), 9_000)) + "'";
        String give = "select first_call_give('%s', " + number + ", 300, now()) as outcome";
        List<Object> outcomes = get(Flux.range(0, AT_ONCE)
                .flatMap(
                        i -> DB.client()
                                .sql(give.formatted(user))
                                .map(row -> Objects.requireNonNull(row.get("outcome")))
                                .one(),
                        AT_ONCE)
                .collectList());

        assertThat(outcomes).filteredOn("given"::equals).hasSize(1);
        assertThat(DB.query(give.formatted(newUser())).getFirst()).containsEntry("outcome", "none");
        String again =
                "insert into first_calls select %s, number_hash, grant_id, given_at from first_calls where user_id = '"
                        + user + "'";
        refused(again.formatted("gen_random_uuid()"), "first_calls_once_per_number");
        refused(again.formatted("user_id").replace("number_hash", "'x'"), "first_calls_once_per_account");
        refused("delete from first_calls where user_id = '" + user + "'", "not allowed");
    }

    private static String wish(UserId person, String key, @Nullable String coupon) {
        return "select * from purchase_accept(gen_random_uuid(), '" + person + "', 'pack_25', 1, "
                + (coupon == null ? "null" : "'" + coupon + "'") + ", '" + key + "', now())";
    }

    private PurchaseId credited(String key) {
        PurchaseId id = accepted(key);
        get(purchases.credit(id, "pi_" + id, PACK, NOW));
        return id;
    }

    private PurchaseId accepted(String key) {
        return ((PurchaseOutcome.Accepted) get(accept(key, "pack_25", null))).id();
    }

    private Mono<PurchaseOutcome> accept(String key, String product, @Nullable String coupon) {
        return accept(user, key, product, coupon);
    }

    private Mono<PurchaseOutcome> accept(UserId person, String key, String product, @Nullable String coupon) {
        return purchases.accept(
                new NewPurchase(new PurchaseId(UUID.randomUUID()), person, product, 1, coupon, key, NOW));
    }

    private Mono<RefundOrderOutcome> order(PurchaseId id, String key, UsdMicros amount) {
        return refunds.accept(new NewRefundOrder(UUID.randomUUID(), id, user, key, amount, "test", NOW));
    }

    private static UserId newUser() {
        UUID id = UUID.randomUUID();
        DB.execute("insert into users (id, email, password_hash, display_name, country, pseudonym) values ('" + id
                + "', '" + id + "@example.test', 'x', 'Kim', 'US', 'u-" + id + "')");
        return new UserId(id);
    }

    private static void refused(String sql, String guard) {
        assertThatThrownBy(() -> DB.execute(sql)).as(sql).hasMessageContaining(guard);
    }

    private static <T> T get(Mono<T> mono) {
        return Objects.requireNonNull(mono.block(Duration.ofSeconds(30)));
    }
}
