package ai.callmeback.db.ledger;

import static ai.callmeback.db.ledger.LedgerFixture.get;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.callmeback.db.testing.TestDatabase;
import ai.callmeback.domain.Credits;
import ai.callmeback.domain.UsdMicros;
import ai.callmeback.domain.UserId;
import java.time.Duration;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Refunds, disputes, appeals and fees, with the figures of docs/ledger.md. */
class LedgerCorrectionsTest {

    private static final long PRICE = 14_990_000;

    private TestDatabase database;
    private LedgerFixture ledger;
    private UserId user;

    @BeforeEach
    void open() {
        database = TestDatabase.fresh().open();
        ledger = new LedgerFixture(database);
        user = ledger.user();
    }

    @AfterEach
    void close() {
        database.close();
    }

    @Test
    void aWholeRefundTakesWhatIsUnusedAndMakesTheRestReceivable() {
        UUID pack = ledger.grant(user, 1_500, PRICE, null);
        ledger.captured(ledger.hold(user, 300), 187);

        ClawBackReceipt receipt = refunded("re_1", pack, PRICE);

        assertThat(receipt.taken()).isEqualTo(new Credits(1_313));
        assertThat(receipt.receivable()).isEqualTo(new UsdMicros(1_868_753));
        ledger.assertBalance(user, 0, 0, 0);
        assertMoney(0, 0, -1_868_753, 0, 1_868_753, 0);
    }

    @Test
    void aPartialRefundRoundsToWholeSecondsAndConcedesTheRest() {
        UUID pack = ledger.grant(user, 1_500, PRICE, null);

        ClawBackReceipt receipt = refunded("re_1", pack, 5_000_000);

        assertThat(receipt.taken()).isEqualTo(new Credits(500));
        ledger.assertBalance(user, 1_000, 0, 0);
        assertMoney(9_990_000, -9_993_333, 0, 0, 0, 3_333);
    }

    @Test
    void aRefundUnwindsBreakage() {
        UUID pack = ledger.grant(user, 1_500, PRICE, ledger.now().plus(Duration.ofDays(1)));
        ledger.captured(ledger.hold(user, 300), 300);
        ledger.advance(Duration.ofDays(2));
        get(ledger.ledger().sweep(100));
        assertMoney(PRICE, 0, -2_998_000, -11_992_000, 0, 0);

        ClawBackReceipt receipt = refunded("re_1", pack, PRICE);

        assertThat(receipt.unbroken()).isEqualTo(new Credits(1_200));
        assertMoney(0, 0, -2_998_000, 0, 2_998_000, 0);
    }

    @Test
    void whatIsHeldIsTakenWhenItComesBack() {
        UUID pack = ledger.grant(user, 1_500, PRICE, null);
        UUID hold = ledger.hold(user, 600);
        assertThat(refunded("re_1", pack, PRICE).receivable()).isEqualTo(new UsdMicros(5_996_000));

        ledger.release(hold);
        assertThat(get(ledger.ledger().sweep(100)).collectedGrants()).containsExactly(pack);

        ledger.assertBalance(user, 0, 0, 0);
        assertMoney(0, 0, 0, 0, 0, 0);
        assertThat(get(ledger.ledger().sweep(100)).collectedGrants()).isEmpty();
    }

    @Test
    void aDisputeThatIsWonBringsAllBack() {
        UUID pack = ledger.grant(user, 1_500, PRICE, null);
        ledger.captured(ledger.hold(user, 300), 187);
        get(ledger.corrections()
                .clawBack(new ClawBackRequest("dp_1", ClawBackKind.DISPUTE, pack, new UsdMicros(PRICE))));
        assertThat(ledger.lastKind()).isEqualTo("dispute");

        assertThat(get(ledger.corrections().undo("dp_1"))).isInstanceOf(UndoOutcome.Undone.class);

        ledger.assertBalance(user, 1_313, 0, 0);
        assertMoney(PRICE, -13_121_247, -1_868_753, 0, 0, 0);
        UndoOutcome again = get(ledger.corrections().undo("dp_1"));
        assertThat(again).as("a repeat").isInstanceOf(UndoOutcome.Undone.class);
        ledger.assertBalance(user, 1_313, 0, 0);
        assertMoney(PRICE, -13_121_247, -1_868_753, 0, 0, 0);
        assertThat(get(ledger.corrections().undo("dp_2"))).isEqualTo(new UndoOutcome.UnknownClawBack("dp_2"));
    }

    @Test
    void noMoreThanWasPaidIsTakenBack() {
        UUID pack = ledger.grant(user, 1_500, PRICE, null);
        refunded("re_1", pack, 10_000_000);

        ClawBackOutcome second = get(ledger.corrections()
                .clawBack(new ClawBackRequest("re_2", ClawBackKind.REFUND, pack, new UsdMicros(5_000_000))));

        assertThat(second).isEqualTo(new ClawBackOutcome.Exceeds(new UsdMicros(PRICE), new UsdMicros(10_000_000)));
        UUID nobody = UUID.randomUUID();
        assertThat(get(ledger.corrections()
                        .clawBack(new ClawBackRequest("re_3", ClawBackKind.REFUND, nobody, new UsdMicros(1)))))
                .isEqualTo(new ClawBackOutcome.UnknownGrant(nobody));
        ledger.assertAuditClean();
    }

    @Test
    void anAppealUnwindsTheRecordedSlices() {
        ledger.grant(user, 100, 0, 1, null);
        ledger.grant(user, 1_500, PRICE, 2, null);
        UUID hold = ledger.hold(user, 300);
        ledger.captured(hold, 287);
        assertMoney(PRICE, -13_121_247, -1_868_753, 0, 0, 0);

        ReverseOutcome outcome = reverse(hold, "ap_1", 287);

        ReverseReceipt receipt = ((ReverseOutcome.Posted) outcome).receipt();
        assertThat(receipt.revenue()).isEqualTo(new UsdMicros(1_868_753));
        assertThat(reverse(hold, "ap_1", 287)).isEqualTo(new ReverseOutcome.AlreadyPosted(receipt));
        assertThat(reverse(hold, "ap_1", 286)).isInstanceOf(Conflict.class);
        assertThat(reverse(hold, "ap_2", 1)).isEqualTo(new ReverseOutcome.Exceeds(Credits.ZERO));
        ledger.assertBalance(user, 1_600, 0, 0);
        assertMoney(PRICE, -PRICE, 0, 0, 0, 0);
    }

    @Test
    void anAppealAgainstAnExpiredGrantIsGoodwill() {
        ledger.grant(user, 600, 6_000_000, ledger.now().plus(Duration.ofDays(1)));
        UUID hold = ledger.hold(user, 300);
        ledger.captured(hold, 200);
        ledger.advance(Duration.ofDays(2));
        get(ledger.ledger().sweep(100));

        ReverseReceipt receipt = ((ReverseOutcome.Posted) reverse(hold, "ap_1", 200)).receipt();

        assertThat(receipt.replaced()).isEqualTo(new Credits(200));
        ledger.assertBalance(user, 200, 0, 0);
        assertMoney(6_000_000, 0, -2_000_000, -4_000_000, 0, 0);
    }

    @Test
    void aFeeIsEstimatedAndThenCorrectedOnce() {
        assertThat(fee(734_710, true)).isTrue();
        assertThat(fee(734_710, true)).isFalse();
        assertThat(fee(740_000, false)).isTrue();
        assertThat(fee(740_000, false)).isFalse();
        assertThat(fee(734_710, true)).as("an estimate after the fact").isFalse();

        assertThat(ledger.account("fees", "usd_micro")).isEqualTo(740_000);
        assertThat(ledger.account("cash", "usd_micro")).isEqualTo(-740_000);
        ledger.assertAuditClean();
    }

    /** Guard: check ledger_grants_refund_in_step. */
    @Test
    void whatIsGivenBackIsInStepWithTheSecondsTaken() {
        ledger.grant(user, 1_500, PRICE, null);
        String giveAway = "update ledger_grants set refunded_micros = 1";

        assertThatThrownBy(() -> database.execute(giveAway)).hasMessageContaining("ledger_grants_refund_in_step");

        database.execute("alter table ledger_grants drop constraint ledger_grants_refund_in_step");
        assertThatCode(() -> database.execute(giveAway)).doesNotThrowAnyException();
        assertViolation("grant_money");
    }

    /** Guard: check ledger_hold_slices_reversed; the function asks before. */
    @Test
    void aChargeIsReversedAtMostOnce() {
        ledger.grant(user, 1_500, PRICE, null);
        ledger.captured(ledger.hold(user, 300), 187);
        String twice = "update ledger_hold_slices set reversed_seconds = 188, reversed_micros = revenue_micros + 1";

        assertThatThrownBy(() -> database.execute(twice)).hasMessageContaining("ledger_hold_slices_reversed");

        database.execute("alter table ledger_hold_slices drop constraint ledger_hold_slices_reversed");
        assertThatCode(() -> database.execute(twice)).doesNotThrowAnyException();
        assertViolation("slice_reversed");
    }

    private void assertViolation(String rule) {
        assertThat(ledger.audit().violations())
                .extracting(AuditReport.Violation::rule)
                .contains(rule);
    }

    private boolean fee(long micros, boolean estimated) {
        return get(ledger.corrections().fee("pi_1", new UsdMicros(micros), estimated));
    }

    private ReverseOutcome reverse(UUID hold, String key, long seconds) {
        return get(ledger.corrections().reverse(new ReverseRequest(hold, key, new Credits(seconds), "appeal")));
    }

    private ClawBackReceipt refunded(String key, UUID grant, long micros) {
        ClawBackRequest request = new ClawBackRequest(key, ClawBackKind.REFUND, grant, new UsdMicros(micros));
        ClawBackReceipt receipt =
                ((ClawBackOutcome.Posted) get(ledger.corrections().clawBack(request))).receipt();
        assertThat(get(ledger.corrections().clawBack(request))).isEqualTo(new ClawBackOutcome.AlreadyPosted(receipt));
        return receipt;
    }

    private void assertMoney(long cash, long liability, long revenue, long breakage, long receivable, long concession) {
        assertThat(new long[] {
                    ledger.account("cash", "usd_micro"),
                    ledger.account("liability", "usd_micro"),
                    ledger.account("revenue", "usd_micro"),
                    ledger.account("breakage", "usd_micro"),
                    ledger.account("clawback_receivable", "usd_micro"),
                    ledger.account("concession", "usd_micro")
                })
                .containsExactly(cash, liability, revenue, breakage, receivable, concession);
        ledger.assertAuditClean();
    }
}
