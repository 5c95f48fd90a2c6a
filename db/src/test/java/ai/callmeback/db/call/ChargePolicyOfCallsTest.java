package ai.callmeback.db.call;

import static ai.callmeback.domain.settlement.ChargePolicy.BY_THE_SECOND;
import static ai.callmeback.domain.settlement.ChargePolicy.WHOLE_LENGTH;
import static org.assertj.core.api.Assertions.assertThat;

import ai.callmeback.db.ledger.CaptureOutcome;
import ai.callmeback.db.ledger.CaptureRequest;
import ai.callmeback.db.ledger.GrantRequest;
import ai.callmeback.db.ledger.GrantSource;
import ai.callmeback.db.ledger.GrowOutcome;
import ai.callmeback.db.ledger.GrowRequest;
import ai.callmeback.db.ledger.HoldOutcome;
import ai.callmeback.db.ledger.HoldRequest;
import ai.callmeback.db.ledger.Ledger;
import ai.callmeback.db.purchase.NewPurchase;
import ai.callmeback.db.purchase.Purchases;
import ai.callmeback.db.subscription.Period;
import ai.callmeback.db.subscription.SubscriptionPeriods;
import ai.callmeback.db.subscription.SubscriptionPeriods.NewPeriod;
import ai.callmeback.db.subscription.Subscriptions;
import ai.callmeback.db.testing.TestDatabase;
import ai.callmeback.domain.Credits;
import ai.callmeback.domain.UsdMicros;
import ai.callmeback.domain.UserId;
import ai.callmeback.domain.call.CallStatus;
import ai.callmeback.domain.purchase.PurchaseId;
import ai.callmeback.domain.settlement.CallFacts;
import ai.callmeback.domain.settlement.ChargeTable;
import ai.callmeback.domain.settlement.Settlement;
import ai.callmeback.domain.subscription.SubscriptionId;
import java.time.Duration;
import java.time.Instant;
import java.util.Objects;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Mono;

/** A call's charge policy is that of what it holds, when it is admitted; on a real PostgreSQL. */
class ChargePolicyOfCallsTest {
    private static final Instant NOW = CallFixture.NOW;

    private TestDatabase database;
    private CallFixture fixture;
    private Ledger ledger;
    private UserId user;

    @BeforeEach
    void open() {
        database = TestDatabase.fresh().open();
        fixture = new CallFixture(database);
        ledger = Ledger.on(database.client(), () -> NOW);
        user = fixture.user(3);
    }

    @AfterEach
    void close() {
        database.close();
    }

    @Test
    void everyProductIsChargedByTheSecondUntilTheCatalogueSaysOtherwise() {
        assertThat(database.query("select distinct charge_policy from products"))
                .extracting(row -> row.get("charge_policy"))
                .containsExactly("by_the_second");
        bought("call_5");

        assertThat(admitted(300).chargePolicy()).isEqualTo(BY_THE_SECOND);
    }

    /** Also when the admission is repeated. */
    @Test
    void whatTheCatalogueSaysLaterDoesNotChangeIt() {
        wholeLength("call_5");
        bought("call_5");
        CallRecord call = admitted(300);
        assertThat(call.chargePolicy()).isEqualTo(WHOLE_LENGTH);

        database.execute("update products set charge_policy = 'by_the_second'");

        assertThat(admit(call, 300).chargePolicy()).isEqualTo(WHOLE_LENGTH);
    }

    @Test
    void aCallPaidInPartByTheSecondIsChargedByTheSecond() {
        wholeLength("call_3");
        bought("call_3");
        get(ledger.grant(GrantRequest.free("gift", user, new Credits(120), GrantSource.GOODWILL)));

        assertThat(admitted(300).chargePolicy()).isEqualTo(BY_THE_SECOND);
    }

    @Test
    void aPlansCallFollowsThePlan() {
        wholeLength("plan_casual");
        var id = new SubscriptionId(UUID.randomUUID());
        get(new Subscriptions(database.client()).accept(id, user, "plan_casual", "k", NOW));
        get(new SubscriptionPeriods(database.client())
                .credit(
                        id,
                        new NewPeriod(
                                "in_1",
                                Period.Reason.CREATE,
                                "plan_casual",
                                NOW,
                                NOW.plus(Duration.ofDays(30)),
                                new Credits(900),
                                3,
                                new UsdMicros(9_990_000),
                                "pi_1"),
                        NOW));

        assertThat(admitted(300).chargePolicy()).isEqualTo(WHOLE_LENGTH);
    }

    /** Five minutes are added from credits by the second; more than half of all ten was talked, and all ten are captured. */
    @Test
    void anExtensionGrowsWhatIsChargedAndKeepsThePolicy() {
        wholeLength("call_5");
        bought("call_5");
        CallRecord call = admitted(300);
        get(ledger.grant(GrantRequest.free("gift", user, new Credits(300), GrantSource.GOODWILL)));
        assertThat(get(ledger.grow(new GrowRequest(call.id().value(), "more", new Credits(300)))))
                .isInstanceOf(GrowOutcome.Posted.class);
        get(fixture.calls.extendTo(call.id(), 300, NOW).thenReturn(true));

        assertThat(captured(get(fixture.calls.find(call.id())), 301)).isEqualTo(600);
    }

    @Test
    void nothingBeyondASmallerHoldIsCaptured() {
        wholeLength("call_3");
        bought("call_3");
        CallRecord call = admitted(180);

        assertThat(call.chargePolicy()).isEqualTo(WHOLE_LENGTH);
        assertThat(captured(call, 151)).as("of 300 s planned, 180 s held").isEqualTo(180);
    }

    private long captured(CallRecord call, long talked) {
        Settlement settlement = call.chargePolicy()
                .settle(ChargeTable.settle(new CallFacts(true, false, talked, 50, false, 0)), call.totalSeconds());
        CaptureOutcome outcome = get(ledger.capture(new CaptureRequest(
                call.id().value(), settlement.charged(), settlement.reason().code())));
        assertThat(get(ledger.audit()).ok()).isTrue();
        return ((CaptureOutcome.Posted) outcome).receipt().captured().seconds();
    }

    private void wholeLength(String product) {
        database.execute("update products set charge_policy = 'whole_length' where code = '" + product + "'");
    }

    private void bought(String product) {
        var purchases = new Purchases(database.client());
        var id = new PurchaseId(UUID.randomUUID());
        get(purchases.accept(new NewPurchase(id, user, product, 1, null, "key-" + id, NOW)));
        UsdMicros amount = get(purchases.find(id)).amount();
        get(purchases.credit(id, "pi_" + id, amount, NOW));
    }

    private CallRecord admitted(long holdSeconds) {
        var request = CallFixture.request(user, null, "");
        get(fixture.calls.accept(request));
        get(fixture.calls.move(request.id(), CallStatus.DUE, CallStore.Move.of("due"), NOW));
        HoldOutcome held = get(ledger.hold(new HoldRequest(
                request.id().value(),
                user,
                new Credits(holdSeconds),
                "call:" + request.id(),
                NOW.plus(Duration.ofHours(1)))));
        assertThat(held).isInstanceOf(HoldOutcome.Posted.class);
        return admit(get(fixture.calls.find(request.id())), holdSeconds);
    }

    private CallRecord admit(CallRecord call, long holdSeconds) {
        assertThat(get(fixture.calls.admit(call.id(), user, 3, holdSeconds, NOW)))
                .isTrue();
        return get(fixture.calls.find(call.id()));
    }

    private static <T> T get(Mono<T> mono) {
        return Objects.requireNonNull(mono.block(Duration.ofSeconds(10)));
    }
}
