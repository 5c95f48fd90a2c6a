package ai.callmeback.db.subscription;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.callmeback.db.ledger.AuditReport;
import ai.callmeback.db.ledger.ClawBackKind;
import ai.callmeback.db.ledger.ClawBackRequest;
import ai.callmeback.db.ledger.HoldOutcome;
import ai.callmeback.db.ledger.HoldRequest;
import ai.callmeback.db.ledger.Insufficient;
import ai.callmeback.db.ledger.Ledger;
import ai.callmeback.db.ledger.LedgerCorrections;
import ai.callmeback.db.ledger.ReleaseRequest;
import ai.callmeback.db.purchase.NewPurchase;
import ai.callmeback.db.purchase.PurchaseOutcome;
import ai.callmeback.db.purchase.Purchases;
import ai.callmeback.db.subscription.PlanCalls.Taken;
import ai.callmeback.db.subscription.SubscriptionOrders.Accepted;
import ai.callmeback.db.subscription.SubscriptionPeriods.Credited;
import ai.callmeback.db.subscription.SubscriptionPeriods.NewPeriod;
import ai.callmeback.db.testing.TestDatabase;
import ai.callmeback.domain.CallId;
import ai.callmeback.domain.Credits;
import ai.callmeback.domain.UsdMicros;
import ai.callmeback.domain.UserId;
import ai.callmeback.domain.purchase.PurchaseId;
import ai.callmeback.domain.subscription.Entitlement;
import ai.callmeback.domain.subscription.SubscriptionId;
import ai.callmeback.domain.subscription.SubscriptionStatus;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** Subscriptions on a real PostgreSQL: an invoice brings its period once, and a plan's calls are as many as it says. */
class SubscriptionsTest {
    private static final Instant NOW = Instant.parse("2026-11-21T08:00:00Z");
    private static final Instant END = NOW.plus(Duration.ofDays(30));

    private TestDatabase database;
    private Subscriptions subscriptions;
    private SubscriptionPeriods periods;
    private SubscriptionOrders orders;
    private PlanCalls plans;
    private Entitlements entitlements;
    private Ledger ledger;
    private UserId user;

    @BeforeEach
    void open() {
        database = TestDatabase.fresh().open();
        subscriptions = new Subscriptions(database.client());
        periods = new SubscriptionPeriods(database.client());
        orders = new SubscriptionOrders(database.client());
        plans = new PlanCalls(database.client());
        entitlements = new Entitlements(database.client());
        ledger = Ledger.on(database.client(), () -> NOW);
        user = newUser();
    }

    @AfterEach
    void close() {
        database.close();
    }

    @Test
    void oneWishIsOneSubscriptionAndAnotherPlanTakesItsPlace() {
        SubscriptionId first = accepted("k1", "plan_casual");

        assertThat(wish("k1", "plan_casual")).isEqualTo(new SubscriptionOutcome.Repeated(first));
        assertThat(wish("k1", "plan_power")).isEqualTo(new SubscriptionOutcome.Conflict());
        assertThat(wish("k2", "gold")).isEqualTo(new SubscriptionOutcome.Refused("unknown_product"));
        assertThat(wish("k2", "pack_25")).isEqualTo(new SubscriptionOutcome.Refused("not_a_plan"));
        SubscriptionId second = accepted("k2", "plan_power");
        assertThat(get(subscriptions.find(first)).superseded()).isTrue();
        assertThat(get(subscriptions.find(second)).superseded()).isFalse();
        activate(second);
        assertThat(wish("k3", "plan_pro")).isEqualTo(new SubscriptionOutcome.Refused("exists"));
        assertThat(subscriptions.findOwned(newUser(), second).blockOptional()).isEmpty();
        assertThat(get(subscriptions.due(10, Duration.ofHours(6), NOW).collectList()))
                .containsExactlyInAnyOrder(first, second);
    }

    /** I6, guards: primary key subscription_periods_once, below the grant's business key. */
    @Test
    void i6AnInvoiceBringsItsPeriodOnceHoweverManyTryAtOnce() {
        SubscriptionId id = active("plan_standard");

        List<Credited> outcomes = get(Flux.range(0, 8)
                .flatMap(i -> periods.credit(id, standard("in_1", "pi_1"), NOW))
                .collectList());

        assertThat(outcomes).containsOnlyOnce(Credited.POSTED);
        assertThat(outcomes).filteredOn(Credited.REPEATED::equals).hasSize(7);
        assertThat(get(ledger.balance(user)).available()).isEqualTo(new Credits(3_600));
        assertThat(get(periods.credit(id, standard("in_1", "pi_2"), NOW))).isEqualTo(Credited.CONFLICT);
        assertThat(get(periods.credit(id, standard("in_2", "pi_1"), NOW)))
                .as("one payment, two invoices")
                .isEqualTo(Credited.CONFLICT);
        assertThat(get(new Purchases(database.client()).ofPayment("pi_1")).productCode())
                .isEqualTo("plan_standard");
        assertThat(get(periods.owed(id).collectList()))
                .containsExactly(new SubscriptionNotice(id, SubscriptionNotice.Kind.RECEIPT, "in_1"));
        sound();

        String again = "insert into subscription_periods select 'in_1', subscription_id, user_id, reason, plan_code,"
                + " starts_at, ends_at, seconds, calls, amount_micros, gen_random_uuid(), null, true, booked_at"
                + " from subscription_periods";
        assertThatThrownBy(() -> database.execute(again)).hasMessageContaining("subscription_periods_once");
        database.execute("alter table subscription_periods drop constraint subscription_periods_once");
        assertThatCode(() -> database.execute(again)).doesNotThrowAnyException();
        assertThat(violations()).contains("period_grant", "period_payment");
    }

    @Test
    void withItsPeriodTheRestExpires() {
        SubscriptionId id = active("plan_standard");
        get(periods.credit(id, standard("in_1", "pi_1"), NOW));

        get(Ledger.on(database.client(), () -> END).sweep(100));

        assertThat(get(ledger.balance(user)).available()).isEqualTo(Credits.ZERO);
        assertThat(database.query("select breakage_micros as n from ledger_grants"))
                .first()
                .extracting(row -> row.get("n"))
                .isEqualTo(29_990_000L);
        sound();
    }

    @Test
    void aPaymentThatGoesBackTakesThePeriodsTalkAndComesBackWithIt() {
        SubscriptionId id = active("plan_standard");
        get(periods.credit(id, standard("in_1", "pi_1"), NOW));
        UUID grant = Objects.requireNonNull(
                get(new Purchases(database.client()).ofPayment("pi_1")).grantId());
        LedgerCorrections books = LedgerCorrections.on(database.client(), () -> NOW);
        UsdMicros all = new UsdMicros(29_990_000);

        get(books.clawBack(new ClawBackRequest("dp_1", ClawBackKind.DISPUTE, grant, all)));
        assertThat(get(ledger.balance(user)).available()).isEqualTo(Credits.ZERO);
        sound();
        get(books.undo("dp_1"));
        assertThat(get(ledger.balance(user)).available()).isEqualTo(new Credits(3_600));
        sound();

        get(books.clawBack(new ClawBackRequest("re_1", ClawBackKind.REFUND, grant, all)));
        assertThat(get(plans.standing(user, NOW)).available())
                .as("the plan stands, without talk")
                .isEqualTo(Credits.ZERO);
        assertThat(get(periods.credit(id, standard("in_1", "pi_1"), NOW)))
                .as("its invoice once more")
                .isEqualTo(Credited.REPEATED);
        sound();
    }

    @Test
    void aPlansCallsAreAsManyAsItSaysAndFurtherOnesNeedOtherCredits() {
        SubscriptionId id = active("plan_casual");
        get(periods.credit(id, period("in_1", "plan_casual", 900, 3, 9_990_000), NOW));

        assertThat(call(60)).isInstanceOf(HoldOutcome.Posted.class);
        UUID free = newCall();
        assertThat(call(free, 60)).isInstanceOf(HoldOutcome.Posted.class);
        get(ledger.release(new ReleaseRequest(free, "never_answered")));
        assertThat(call(60)).isInstanceOf(HoldOutcome.Posted.class);
        UUID third = newCall();
        assertThat(call(third, 60)).as("what was not charged does not count").isInstanceOf(HoldOutcome.Posted.class);

        UUID fourth = newCall();
        assertThat(get(plans.take(new CallId(fourth), user, NOW))).isEqualTo(new Taken.Beyond(3, false));
        assertThat(hold(fourth, 60)).isInstanceOf(Insufficient.class);
        PlanStanding standing = get(plans.standing(user, NOW));
        assertThat(standing.callsUsed()).isEqualTo(3);
        assertThat(standing.available()).as("talk is left, calls are not").isEqualTo(new Credits(720));

        assertThat(get(plans.take(new CallId(third), user, NOW)))
                .as("a repeat of one that holds its credits")
                .isEqualTo(new Taken.Free());
        database.execute("select ledger_grant('p', '" + user + "', 300, 'single_call', 4990000, 100, null, now())");
        assertThat(hold(fourth, 60)).isInstanceOf(HoldOutcome.Posted.class);
        assertThat(get(plans.standing(user, NOW)).callsUsed()).isEqualTo(3);
        sound();

        // Without the guard in ledger_burn_for the audit tells.
        database.execute("create or replace function plan_serves(p_hold uuid) returns boolean language sql stable as"
                + " $$ select true $$");
        UUID fifth = newCall();
        assertThat(get(plans.take(new CallId(fifth), user, NOW))).isInstanceOf(Taken.Beyond.class);
        assertThat(hold(fifth, 60)).isInstanceOf(HoldOutcome.Posted.class);
        assertThat(violations()).containsExactly("further_call_on_plan");
    }

    /** Fair use: a warning with the 80th call, the 101st is refused. */
    @Test
    void proWarnsAt80AndRefusesThe101st() {
        SubscriptionId id = active("plan_pro");
        get(periods.credit(id, period("in_1", "plan_pro", 90_000, 100, 99_990_000), NOW));
        for (int call = 1; call <= 100; call++) {
            if (call == 80) {
                assertThat(warnings(id)).isZero();
            }
            assertThat(call(180)).as("call %d", call).isInstanceOf(HoldOutcome.Posted.class);
        }
        assertThat(warnings(id)).isEqualTo(1);

        UUID tooMany = newCall();
        assertThat(get(plans.take(new CallId(tooMany), user, NOW))).isEqualTo(new Taken.Beyond(100, true));
        assertThat(hold(tooMany, 180)).isInstanceOf(Insufficient.class);
        assertThat(get(ledger.balance(user)).available()).isEqualTo(new Credits(72_000));
        assertThat(get(plans.standing(user, NOW)).furtherCall()).isEqualTo(new UsdMicros(4_990_000));
    }

    @Test
    void aFurtherCallCostsWhatThePlanSays() {
        SubscriptionId id = active("plan_power");
        get(periods.credit(id, period("in_1", "plan_power", 9_000, 25, 49_990_000), NOW));

        assertThat(priceOfACall(user)).isEqualTo(new UsdMicros(3_990_000));
        assertThat(priceOfACall(newUser())).isEqualTo(new UsdMicros(4_990_000));
    }

    @Test
    void entitlementsGoWithThePeriodAndStayWhileAPaymentIsLate() {
        SubscriptionId id = active("plan_power");
        get(periods.credit(id, period("in_1", "plan_power", 9_000, 25, 49_990_000), NOW));
        Instant later = END.plus(Duration.ofDays(2));

        assertThat(get(entitlements.amount(user, Entitlement.DOCUMENTS, NOW))).isEqualTo(20);
        assertThat(get(entitlements.amount(user, Entitlement.DOCUMENTS, later))).isZero();
        get(subscriptions.move(id, SubscriptionStatus.PAST_DUE, null, NOW));
        assertThat(get(entitlements.amount(user, Entitlement.DOCUMENTS, later))).isEqualTo(20);
        get(subscriptions.move(id, SubscriptionStatus.ENDED, "not_paid", NOW));
        assertThat(get(entitlements.amount(user, Entitlement.DOCUMENTS, later))).isZero();
        assertThat(get(subscriptions.move(id, SubscriptionStatus.ACTIVE, null, NOW)))
                .as("over is over")
                .isFalse();
        assertThat(get(entitlements.amount(newUser(), Entitlement.PRIORITY, NOW)))
                .isZero();
    }

    @Test
    void changesAreAcceptedOncePerKeyAndOnlyWhereTheyArePossible() {
        SubscriptionId id = accepted("k1", "plan_standard");
        assertThat(order(id, SubscriptionOrder.Kind.CANCEL, null, "c0")).isEqualTo(Accepted.STATE);
        activate(id);

        assertThat(order(id, SubscriptionOrder.Kind.CHANGE_PLAN, "plan_standard", "c1"))
                .isEqualTo(Accepted.SAME_PLAN);
        assertThat(order(id, SubscriptionOrder.Kind.CHANGE_PLAN, "pack_25", "c1"))
                .isEqualTo(Accepted.NOT_A_PLAN);
        assertThat(order(id, SubscriptionOrder.Kind.RESUME, null, "c1")).isEqualTo(Accepted.NOTHING);
        assertThat(order(id, SubscriptionOrder.Kind.CANCEL, null, "c1")).isEqualTo(Accepted.ORDERED);
        assertThat(order(id, SubscriptionOrder.Kind.CANCEL, null, "c1")).isEqualTo(Accepted.REPEATED);
        assertThat(order(id, SubscriptionOrder.Kind.RESUME, null, "c1")).isEqualTo(Accepted.CONFLICT);
        assertThat(order(id, SubscriptionOrder.Kind.RESUME, null, "c2"))
                .as("in order, as the cancellation is on its way")
                .isEqualTo(Accepted.ORDERED);
        assertThat(get(orders.waiting(id).collectList()))
                .extracting(SubscriptionOrder::kind)
                .containsExactly(SubscriptionOrder.Kind.CANCEL, SubscriptionOrder.Kind.RESUME);
    }

    private long warnings(SubscriptionId id) {
        return get(periods.owed(id).collectList()).stream()
                .filter(notice -> notice.kind() == SubscriptionNotice.Kind.FAIR_USE)
                .count();
    }

    private UsdMicros priceOfACall(UserId buyer) {
        Purchases purchases = new Purchases(database.client());
        PurchaseOutcome outcome = get(purchases.accept(
                new NewPurchase(new PurchaseId(UUID.randomUUID()), buyer, "call_5", 1, null, "call", NOW)));
        return get(purchases.find(((PurchaseOutcome.Accepted) outcome).id())).amount();
    }

    private HoldOutcome call(int seconds) {
        return call(newCall(), seconds);
    }

    private HoldOutcome call(UUID id, int seconds) {
        assertThat(get(plans.take(new CallId(id), user, NOW))).isEqualTo(new Taken.Free());
        return hold(id, seconds);
    }

    private HoldOutcome hold(UUID id, int seconds) {
        return get(ledger.hold(
                new HoldRequest(id, user, new Credits(seconds), "call:" + id, NOW.plus(Duration.ofHours(1)))));
    }

    private static UUID newCall() {
        return UUID.randomUUID();
    }

    private Accepted order(SubscriptionId id, SubscriptionOrder.Kind kind, @Nullable String plan, String key) {
        return get(orders.accept(UUID.randomUUID(), id, kind, plan, key, NOW));
    }

    private static NewPeriod standard(String invoice, String payment) {
        return new NewPeriod(
                invoice,
                Period.Reason.CREATE,
                "plan_standard",
                NOW,
                END,
                new Credits(3_600),
                10,
                new UsdMicros(29_990_000),
                payment);
    }

    private static NewPeriod period(String invoice, String plan, long seconds, long calls, long micros) {
        return new NewPeriod(
                invoice,
                Period.Reason.CREATE,
                plan,
                NOW,
                END,
                new Credits(seconds),
                calls,
                new UsdMicros(micros),
                "pi_" + UUID.randomUUID());
    }

    private SubscriptionId active(String plan) {
        SubscriptionId id = accepted("k", plan);
        activate(id);
        return id;
    }

    private void activate(SubscriptionId id) {
        subscriptions.opened(id, "cs_" + id, "https://pay.test/", END, NOW).block();
        assertThat(get(subscriptions.move(id, SubscriptionStatus.ACTIVE, null, NOW)))
                .isTrue();
    }

    private SubscriptionId accepted(String key, String plan) {
        return ((SubscriptionOutcome.Accepted) wish(key, plan)).id();
    }

    private SubscriptionOutcome wish(String key, String plan) {
        return get(subscriptions.accept(new SubscriptionId(UUID.randomUUID()), user, plan, key, NOW));
    }

    private void sound() {
        assertThat(get(ledger.audit()).violations()).isEmpty();
    }

    private List<String> violations() {
        return get(ledger.audit()).violations().stream()
                .map(AuditReport.Violation::rule)
                .distinct()
                .toList();
    }

    private UserId newUser() {
        UserId id = new UserId(UUID.randomUUID());
        database.execute("insert into users (id, email, password_hash, display_name, country, pseudonym) values ('" + id
                + "', '" + id + "@example.test', 'x', 'Kim', 'US', 'u-" + id + "')");
        return id;
    }

    private static <T> T get(Mono<T> answer) {
        return Objects.requireNonNull(answer.block(Duration.ofSeconds(20)));
    }
}
