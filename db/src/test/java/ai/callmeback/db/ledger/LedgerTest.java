package ai.callmeback.db.ledger;

import static ai.callmeback.db.ledger.LedgerFixture.get;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.callmeback.db.testing.TestDatabase;
import ai.callmeback.domain.Credits;
import ai.callmeback.domain.UsdMicros;
import ai.callmeback.domain.UserId;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import reactor.core.publisher.Flux;

class LedgerTest {

    private static final long PACK_PRICE = 14_990_000;
    private static final long PACK_SECONDS = 1_500;

    @RegisterExtension
    static final TestDatabase DB = TestDatabase.fresh();

    private LedgerFixture ledger;

    @BeforeEach
    void open() {
        ledger = new LedgerFixture(DB);
    }

    /** Every history of these tests must leave a ledger that proves itself. */
    @AfterEach
    void audit() {
        ledger.assertAuditClean();
    }

    @Test
    void aCallIsHeldCapturedAndTheRestReleasedInOnePosting() {
        UserId user = ledger.userWith(6_000);

        UUID hold = ledger.hold(user, 300);
        ledger.assertBalance(user, 5_700, 300, 0);

        CaptureReceipt receipt = ledger.captured(hold, 187);
        assertThat(receipt.captured()).isEqualTo(new Credits(187));
        assertThat(receipt.released()).isEqualTo(new Credits(113));
        assertThat(receipt.uncovered()).isEqualTo(Credits.ZERO);
        assertThat(ledger.lastKind()).isEqualTo("capture");
        ledger.assertBalance(user, 5_813, 0, 0);
        assertThat(ledger.find(hold).state()).isEqualTo(HoldState.CAPTURED);
    }

    @Test
    void aCaptureTakesAtMostWhatTheHoldReaches() {
        UserId user = ledger.userWith(6_000);
        UUID hold = ledger.hold(user, 300);

        CaptureReceipt receipt = ledger.captured(hold, 330);

        assertThat(receipt.captured()).isEqualTo(new Credits(300));
        assertThat(receipt.uncovered()).isEqualTo(new Credits(30));
        ledger.assertBalance(user, 5_700, 0, 0);
    }

    @Test
    void aReleaseGivesAllBack() {
        UserId user = ledger.userWith(600);
        UUID hold = ledger.hold(user, 300);

        assertThat(ledger.release(hold)).isInstanceOf(ReleaseOutcome.Posted.class);

        ledger.assertBalance(user, 600, 0, 0);
    }

    @Test
    void tooFewCreditsAreAnOutcomeThatStoresNothing() {
        UserId user = ledger.userWith(299);
        HoldRequest request = ledger.holdRequest(user, 300);

        assertThat(get(ledger.ledger().hold(request))).isEqualTo(new Insufficient(new Credits(299), new Credits(300)));
        ledger.assertBalance(user, 299, 0, 0);

        ledger.grant(user, 1, 0, null);
        assertThat(get(ledger.ledger().hold(request))).isInstanceOf(HoldOutcome.Posted.class);
    }

    @Test
    void anIdenticalRetryReturnsTheFirstResultAndAnotherBodyIsAConflict() {
        UserId user = ledger.userWith(600);
        HoldRequest request = ledger.holdRequest(user, 300);
        HoldReceipt first = ((HoldOutcome.Posted) get(ledger.ledger().hold(request))).receipt();

        assertThat(get(ledger.ledger().hold(request))).isEqualTo(new HoldOutcome.AlreadyPosted(first));
        HoldRequest laterDeadline = new HoldRequest(
                request.holdId(),
                user,
                request.credits(),
                request.reference(),
                request.expiresAt().plusSeconds(9));
        assertThat(get(ledger.ledger().hold(laterDeadline))).isEqualTo(new HoldOutcome.AlreadyPosted(first));
        HoldRequest larger =
                new HoldRequest(request.holdId(), user, new Credits(301), request.reference(), request.expiresAt());
        assertThat(get(ledger.ledger().hold(larger))).isInstanceOfSatisfying(Conflict.class, conflict -> {
            assertThat(conflict.businessKey()).isEqualTo("hold:" + request.holdId());
            assertThat(conflict.firstBody()).contains("300");
            assertThat(conflict.thisBody()).contains("301");
        });

        CaptureReceipt captured = ledger.captured(request.holdId(), 120);
        assertThat(ledger.capture(request.holdId(), 120)).isEqualTo(new CaptureOutcome.AlreadyPosted(captured));
        assertThat(ledger.capture(request.holdId(), 121)).isInstanceOf(Conflict.class);
        assertThat(ledger.release(request.holdId())).isEqualTo(new AlreadyResolved(HoldState.CAPTURED));
        // The first result stands, whatever happened to the hold since.
        assertThat(get(ledger.ledger().hold(request))).isEqualTo(new HoldOutcome.AlreadyPosted(first));
        ledger.assertBalance(user, 480, 0, 0);
    }

    @Test
    void aRetriedGrantGrantsOnce() {
        UserId user = ledger.user();
        GrantRequest request = GrantRequest.free("trial:" + user, user, new Credits(300), GrantSource.TRIAL);

        GrantReceipt first = ((GrantOutcome.Posted) get(ledger.ledger().grant(request))).receipt();

        assertThat(get(ledger.ledger().grant(request))).isEqualTo(new GrantOutcome.AlreadyPosted(first));
        assertThat(get(ledger.ledger()
                        .grant(GrantRequest.free("trial:" + user, user, new Credits(301), GrantSource.TRIAL))))
                .isInstanceOf(Conflict.class);
        ledger.assertBalance(user, 300, 0, 0);
    }

    @Test
    void concurrentDuplicatesPostOnce() {
        UserId user = ledger.userWith(600);
        HoldRequest request = ledger.holdRequest(user, 300);

        List<HoldOutcome> holds = get(Flux.range(0, 20)
                .flatMap(i -> ledger.ledger().hold(request), 20)
                .collectList());
        assertThat(holds).filteredOn(HoldOutcome.Posted.class::isInstance).hasSize(1);
        assertThat(holds)
                .filteredOn(HoldOutcome.AlreadyPosted.class::isInstance)
                .hasSize(19);

        List<CaptureOutcome> captures = get(Flux.range(0, 20)
                .flatMap(i -> ledger.ledger().capture(new CaptureRequest(request.holdId(), new Credits(200), "x")), 20)
                .collectList());
        assertThat(captures).filteredOn(CaptureOutcome.Posted.class::isInstance).hasSize(1);
        assertThat(captures)
                .filteredOn(CaptureOutcome.AlreadyPosted.class::isInstance)
                .hasSize(19);
        ledger.assertBalance(user, 400, 0, 0);
    }

    /** Twenty calls race for the credits of ten: I2 by the lock on the grants, and below it by the check constraint. */
    @Test
    void concurrentHoldsNeverOverdraw() {
        UserId user = ledger.userWith(3_000);

        List<HoldOutcome> outcomes = get(Flux.range(0, 20)
                .flatMap(i -> ledger.ledger().hold(ledger.holdRequest(user, 300)), 20)
                .collectList());

        assertThat(outcomes).filteredOn(HoldOutcome.Posted.class::isInstance).hasSize(10);
        assertThat(outcomes).filteredOn(Insufficient.class::isInstance).hasSize(10);
        ledger.assertBalance(user, 0, 3_000, 0);
    }

    /** Holds that share out several grants, and at last holds of the one that is left: none ends in a deadlock. */
    @Test
    void concurrentHoldsOverManyGrantsTakeAllThereIs() {
        UserId user = ledger.user();
        for (int priority = 1; priority <= 5; priority++) {
            ledger.grant(user, 700, 0, priority, null);
        }

        List<HoldOutcome> outcomes = get(Flux.range(0, 40)
                .map(i -> ledger.holdRequest(user, 300))
                .flatMap(request -> ledger.ledger().hold(request), 20)
                .collectList());

        assertThat(outcomes).filteredOn(HoldOutcome.Posted.class::isInstance).hasSize(11);
        assertThat(outcomes).filteredOn(Insufficient.class::isInstance).hasSize(29);
        ledger.assertBalance(user, 200, 3_300, 0);
    }

    @Test
    void captureAndReleaseRaceAndOneWins() {
        UserId user = ledger.userWith(30_000);
        for (int round = 0; round < 20; round++) {
            UUID hold = ledger.hold(user, 300);
            List<Object> outcomes = get(Flux.<Object>merge(
                            ledger.ledger().capture(new CaptureRequest(hold, new Credits(100), "x")),
                            ledger.ledger().release(new ReleaseRequest(hold, "x")))
                    .collectList());
            assertThat(outcomes).filteredOn(AlreadyResolved.class::isInstance).hasSize(1);
        }
    }

    @Test
    void grantsBurnByPriorityThenExpiryThenAge() {
        UserId user = ledger.user();
        UUID old = ledger.grant(user, 100, 0, null);
        ledger.advance(Duration.ofSeconds(1));
        UUID young = ledger.grant(user, 100, 0, null);
        UUID expiresLate = ledger.grant(user, 100, 0, ledger.now().plus(Duration.ofDays(60)));
        UUID expiresSoon = ledger.grant(user, 100, 0, ledger.now().plus(Duration.ofDays(30)));
        UUID urgent = ledger.grant(user, 100, 0, 10, null);

        HoldReceipt receipt = ((HoldOutcome.Posted) get(ledger.ledger().hold(ledger.holdRequest(user, 450)))).receipt();

        assertThat(receipt.slices())
                .extracting(Slice::grantId)
                .containsExactly(urgent, expiresSoon, expiresLate, old, young);
        assertThat(receipt.slices().getLast().credits()).isEqualTo(new Credits(50));
        // What is captured first is what burns first; the rest returns to where it came from.
        CaptureReceipt captured = ledger.captured(receipt.holdId(), 150);
        assertThat(captured.slices()).extracting(Slice::grantId).containsExactly(urgent, expiresSoon);
    }

    @Test
    void revenueIsRecognisedPerGrantAtItsOwnPriceToTheLastMicro() {
        UserId user = ledger.user();
        long revenueBefore = ledger.account("revenue", "usd_micro");
        ledger.grant(user, PACK_SECONDS, PACK_PRICE, null);
        ledger.advance(Duration.ofSeconds(1));
        ledger.grant(user, 700, 10_000_000, null);

        long recognised = 0;
        for (int call = 0; call < 5; call++) {
            recognised += ledger.captured(ledger.hold(user, 440), 440).revenue().amountMicros();
        }

        assertThat(recognised).isEqualTo(PACK_PRICE + 10_000_000);
        assertThat(ledger.account("revenue", "usd_micro")).isEqualTo(revenueBefore - recognised);
    }

    @Test
    void aCaptureAcrossTwoGrantsShowsItsSlices() {
        UserId user = ledger.user();
        UUID pack = ledger.grant(user, PACK_SECONDS, PACK_PRICE, null);
        UUID promo = ledger.grant(user, 100, 0, 10, null);

        CaptureReceipt receipt = ledger.captured(ledger.hold(user, 300), 250);

        assertThat(receipt.slices())
                .containsExactly(
                        new Slice(promo, new Credits(100), UsdMicros.ZERO),
                        new Slice(pack, new Credits(150), new UsdMicros(1_499_000)));
        assertThat(receipt.revenue()).isEqualTo(new UsdMicros(1_499_000));
    }

    @Test
    void anExtensionGrowsTheHoldOncePerKey() {
        UserId user = ledger.userWith(600);
        UUID hold = ledger.hold(user, 300);
        GrowRequest request = new GrowRequest(hold, "update-1", new Credits(60));

        assertThat(get(ledger.ledger().grow(request))).isInstanceOf(GrowOutcome.Posted.class);
        assertThat(get(ledger.ledger().grow(request))).isInstanceOf(GrowOutcome.AlreadyPosted.class);
        assertThat(get(ledger.ledger().grow(new GrowRequest(hold, "update-1", new Credits(61)))))
                .isInstanceOf(Conflict.class);
        assertThat(get(ledger.ledger().grow(new GrowRequest(hold, "update-2", new Credits(241)))))
                .isEqualTo(new Insufficient(new Credits(240), new Credits(241)));
        ledger.assertBalance(user, 240, 360, 0);

        assertThat(ledger.captured(hold, 360).captured()).isEqualTo(new Credits(360));
        assertThat(get(ledger.ledger().grow(new GrowRequest(hold, "update-3", new Credits(1)))))
                .isEqualTo(new AlreadyResolved(HoldState.CAPTURED));
    }

    @Test
    void anUnknownHoldIsSaidToBeUnknown() {
        UUID nobody = UUID.randomUUID();

        assertThat(ledger.capture(nobody, 1)).isEqualTo(new UnknownHold(nobody));
        assertThat(ledger.release(nobody)).isEqualTo(new UnknownHold(nobody));
        assertThat(get(ledger.ledger().grow(new GrowRequest(nobody, "k", new Credits(1)))))
                .isEqualTo(new UnknownHold(nobody));
        assertThat(get(ledger.ledger().markDialIntended(nobody))).isEqualTo(new UnknownHold(nobody));
    }

    @Test
    void requestsOutOfBoundsAreRefusedBeforeTheyAreSent() {
        UserId user = ledger.user();
        assertThatThrownBy(() -> new CaptureRequest(UUID.randomUUID(), Credits.ZERO, "x"))
                .hasMessageContaining("0 s is not within 1..");
        assertThatThrownBy(() -> GrantRequest.free("k", user, new Credits(10_000_001), GrantSource.PROMO))
                .hasMessageContaining("10000001 s");
        assertThatThrownBy(() -> new ReleaseRequest(UUID.randomUUID(), " "))
                .isInstanceOf(IllegalArgumentException.class);
    }
}
