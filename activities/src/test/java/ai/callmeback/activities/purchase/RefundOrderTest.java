package ai.callmeback.activities.purchase;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.callmeback.db.ledger.Ledger;
import ai.callmeback.db.ledger.LedgerCorrections;
import ai.callmeback.db.purchase.MoneyCases;
import ai.callmeback.db.purchase.NewPurchase;
import ai.callmeback.db.purchase.NewRefundOrder;
import ai.callmeback.db.purchase.Purchases;
import ai.callmeback.db.purchase.RefundOrder;
import ai.callmeback.db.purchase.RefundOrderOutcome;
import ai.callmeback.db.purchase.RefundOrders;
import ai.callmeback.db.testing.TestDatabase;
import ai.callmeback.domain.UsdMicros;
import ai.callmeback.domain.UserId;
import ai.callmeback.domain.purchase.PurchaseId;
import ai.callmeback.vendors.VendorFault;
import ai.callmeback.vendors.payment.CheckoutOutcome;
import ai.callmeback.vendors.payment.CheckoutRequest;
import ai.callmeback.vendors.payment.PaymentState;
import ai.callmeback.vendors.payment.Payments;
import ai.callmeback.vendors.payment.RefundOutcome;
import ai.callmeback.vendors.payment.RefundRequest;
import ai.callmeback.vendors.payment.ReturnedPayment;
import ai.callmeback.workflows.purchase.ReturnActivities;
import io.temporal.failure.ApplicationFailure;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import reactor.core.publisher.Mono;

/** A refund ordered by finance, from the order to the credits that go, on a real PostgreSQL. */
class RefundOrderTest {
    @RegisterExtension
    static final TestDatabase DB = TestDatabase.fresh();

    private static final Instant NOW = Instant.parse("2026-11-21T09:00:00Z");

    private final Vendor vendor = new Vendor();
    private final List<String> watched = new ArrayList<>();
    private RefundOrders orders;
    private Ledger ledger;
    private RefundOrderActivitiesImpl activities;
    private ReturnActivities returns;
    private UserId user;
    private PurchaseId purchase;

    /** Issues each order once and remembers; fails as it is told. */
    private static final class Vendor implements Payments {
        final Map<String, RefundRequest> issued = new LinkedHashMap<>();
        VendorFault.@Nullable Kind fault;
        ReturnedPayment.Standing standing = ReturnedPayment.Standing.FINAL;
        Instant createdAt = NOW;

        @Override
        public CheckoutOutcome open(CheckoutRequest request) {
            throw new AssertionError("nothing is bought here");
        }

        @Override
        public Optional<PaymentState> checkout(String sessionId) {
            return Optional.empty();
        }

        @Override
        public RefundOutcome issueRefund(RefundRequest request) {
            if (fault != null) {
                VendorFault failure = VendorFault.of("stripe", fault, 400, "charge_already_refunded", "No.");
                return failure.retryable() ? new RefundOutcome.Unknown(failure) : new RefundOutcome.Refused(failure);
            }
            issued.put("re_" + request.orderId(), request);
            return new RefundOutcome.Issued("re_" + request.orderId());
        }

        @Override
        public Optional<ReturnedPayment> refund(String refundId) {
            return Optional.ofNullable(issued.get(refundId))
                    .map(refund -> new ReturnedPayment(
                            refundId, refund.paymentIntent(), refund.amountCents(), "usd", standing, createdAt, null));
        }

        @Override
        public Optional<ReturnedPayment> dispute(String disputeId) {
            return Optional.empty();
        }
    }

    @BeforeEach
    void open() {
        orders = new RefundOrders(DB.client());
        ledger = Ledger.on(DB.client(), () -> NOW);
        MoneyCases cases = new MoneyCases(DB.client());
        Purchases purchases = new Purchases(DB.client());
        activities = new RefundOrderActivitiesImpl(orders, vendor, cases, watched::add, () -> NOW);
        returns = new ReturnActivitiesImpl(
                vendor, purchases, orders, LedgerCorrections.on(DB.client(), () -> NOW), cases, () -> NOW);
        user = new UserId(UUID.randomUUID());
        DB.execute("insert into users (id, email, password_hash, display_name, country, pseudonym) values ('" + user
                + "', '" + user + "@example.test', 'x', 'Kim', 'US', 'u-" + user + "')");
        purchase = new PurchaseId(UUID.randomUUID());
        Waiting.of(purchases.accept(new NewPurchase(purchase, user, "pack_25", 1, null, "k", NOW)));
        Waiting.of(purchases.credit(purchase, "pi_" + purchase, new UsdMicros(14_990_000), NOW));
    }

    @Test
    void anOrderIsIssuedOnceAndItsCreditsGo() {
        UUID order = order("k1", 5_000_000L);

        activities.issueRefund(order.toString());
        activities.issueRefund(order.toString());

        assertThat(vendor.issued.values()).containsExactly(new RefundRequest(order.toString(), "pi_" + purchase, 500));
        assertThat(watched).as("also after a death in between").hasSize(2).containsOnly("re_" + order);
        assertThat(Waiting.of(orders.find(order)).status()).isEqualTo(RefundOrder.Status.ISSUED);
        assertThat(DB.query("select start_due_at from refund_orders where start_due_at is not null and id = '" + order
                        + "'"))
                .isEmpty();
        assertThat(returns.applyRefund("re_" + order)).isFalse();
        assertThat(Waiting.of(ledger.balance(user)).available().seconds()).isEqualTo(1_500 - 500);
        assertThat(Waiting.of(ledger.audit()).violations()).isEmpty();
        assertThat(Waiting.of(accept("k2", null)))
                .as("and no second is counted")
                .isInstanceOf(RefundOrderOutcome.Accepted.class);
        assertThat(DB.query("select amount_micros from refund_orders where purchase_id = '" + purchase
                        + "' and idempotency_key = 'k2'"))
                .containsExactly(Map.of("amount_micros", 9_990_000L));
    }

    @Test
    void anUnknownAnswerIsAskedForAgain() {
        UUID order = order("k1", null);
        vendor.fault = VendorFault.Kind.TIMEOUT;

        assertThatThrownBy(() -> activities.issueRefund(order.toString())).isInstanceOf(ApplicationFailure.class);

        assertThat(Waiting.of(orders.find(order)).status()).isEqualTo(RefundOrder.Status.ORDERED);
        vendor.fault = null;
        activities.issueRefund(order.toString());
        assertThat(vendor.issued).hasSize(1);
    }

    @Test
    void aRefusalIsACaseAndTheMoneyMayBeRefundedAnew() {
        UUID order = order("k1", null);
        vendor.fault = VendorFault.Kind.BAD_REQUEST;

        activities.issueRefund(order.toString());
        activities.issueRefund(order.toString());

        assertThat(Waiting.of(orders.find(order)).statusReason()).isEqualTo("refused_by_vendor");
        assertThat(DB.query("select kind from money_cases where subject = 'refund order " + order + "'"))
                .containsExactly(Map.of("kind", "refund_refused"));
        assertThat(watched).isEmpty();
        assertThat(Waiting.of(accept("k2", null))).isInstanceOf(RefundOrderOutcome.Accepted.class);
    }

    @Test
    void aRefundThatComesBackMayBeOrderedAnew() {
        UUID order = order("k1", null);
        activities.issueRefund(order.toString());
        assertThat(Waiting.of(accept("k2", null))).isInstanceOf(RefundOrderOutcome.Exceeds.class);
        vendor.standing = ReturnedPayment.Standing.OURS;

        returns.applyRefund("re_" + order);

        assertThat(Waiting.of(orders.find(order)).statusReason()).isEqualTo("came_back");
        assertThat(Waiting.of(accept("k2", null))).isInstanceOf(RefundOrderOutcome.Accepted.class);
    }

    /** Guard: who hears of the refund first waits for the payment, and what is never credited becomes a case. */
    @Test
    void aRefundThatOvertakesItsPaymentIsTakenBackOnceThatIsCredited() {
        PurchaseId late = new PurchaseId(UUID.randomUUID());
        Purchases purchases = new Purchases(DB.client());
        Waiting.of(purchases.accept(new NewPurchase(late, user, "pack_25", 1, null, "late", NOW)));
        vendor.issued.put("re_early", new RefundRequest("early", "pi_" + late, 500));

        assertThatThrownBy(() -> returns.applyRefund("re_early")).isInstanceOf(ApplicationFailure.class);
        Waiting.of(purchases.credit(late, "pi_" + late, new UsdMicros(14_990_000), NOW));
        assertThat(returns.applyRefund("re_early")).isFalse();

        assertThat(Waiting.of(ledger.balance(user)).available().seconds()).isEqualTo(3_000 - 500);
        assertThat(DB.query("select 1 from money_cases where subject = 'return re_early'"))
                .isEmpty();
        vendor.createdAt = NOW.minus(ReturnActivitiesImpl.CREDITED_WITHIN);
        vendor.issued.put("re_foreign", new RefundRequest("foreign", "pi_foreign", 500));
        assertThat(returns.applyRefund("re_foreign")).isFalse();
        assertThat(DB.query("select kind from money_cases where subject = 'return re_foreign'"))
                .containsExactly(Map.of("kind", "return_unmatched"));
    }

    private UUID order(String key, @Nullable Long micros) {
        return ((RefundOrderOutcome.Accepted) Waiting.of(accept(key, micros))).id();
    }

    private Mono<RefundOrderOutcome> accept(String key, @Nullable Long micros) {
        return orders.accept(new NewRefundOrder(
                UUID.randomUUID(), purchase, user, key, micros == null ? null : new UsdMicros(micros), "test", NOW));
    }
}
