package ai.callmeback.db.ledger;

import static ai.callmeback.db.ledger.LedgerFixture.get;
import static org.assertj.core.api.Assertions.assertThat;

import ai.callmeback.db.testing.TestDatabase;
import ai.callmeback.domain.Credits;
import ai.callmeback.domain.UsdMicros;
import ai.callmeback.domain.UserId;
import java.time.Duration;
import java.time.Instant;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Deadlines of holds, expiry of grants, and the awkward ends between them. */
class LedgerExpiryTest {

    private static final int LIMIT = 100;

    @RegisterExtension
    static final TestDatabase DB = TestDatabase.fresh();

    private LedgerFixture ledger;

    @BeforeEach
    void open() {
        ledger = new LedgerFixture(DB);
    }

    @AfterEach
    void audit() {
        ledger.assertAuditClean();
    }

    @Test
    void aSweepGivesOverdueHoldsBackOnce() {
        UserId user = ledger.userWith(600);
        UUID hold = ledger.hold(user, 300);
        assertThat(sweep().expired()).doesNotContain(hold);

        ledger.advance(Duration.ofMinutes(30));

        assertThat(sweep().expired()).containsExactly(hold);
        assertThat(sweep().expired()).isEmpty();
        assertThat(ledger.find(hold).state()).isEqualTo(HoldState.EXPIRED);
        ledger.assertBalance(user, 600, 0, 0);
        assertThat(ledger.release(hold)).isEqualTo(new AlreadyResolved(HoldState.EXPIRED));
        assertThat(get(ledger.ledger().markDialIntended(hold))).isEqualTo(new AlreadyResolved(HoldState.EXPIRED));
    }

    @Test
    void onceADialIsIntendedASweepMayOnlyFlag() {
        UserId user = ledger.userWith(600);
        UUID hold = ledger.hold(user, 300);
        assertThat(get(ledger.ledger().markDialIntended(hold))).isEqualTo(new DialIntentOutcome.Marked());
        assertThat(get(ledger.ledger().markDialIntended(hold))).isEqualTo(new DialIntentOutcome.Marked());
        ledger.advance(Duration.ofHours(3));

        SweepReport first = sweep();
        assertThat(first.flagged()).containsExactly(hold);
        assertThat(first.expired()).doesNotContain(hold);
        assertThat(sweep().flagged()).isEmpty();
        assertThat(ledger.find(hold).state()).isEqualTo(HoldState.OPEN);
        assertThat(ledger.find(hold).flaggedAt()).isEqualTo(ledger.now());

        assertThat(ledger.captured(hold, 200).captured()).isEqualTo(new Credits(200));
    }

    @Test
    void aChargeAfterExpiryTakesWhatIsAvailable() {
        UserId user = ledger.user();
        ledger.grant(user, 600, 6_000_000, null);
        UUID hold = ledger.hold(user, 300);
        ledger.advance(Duration.ofHours(1));
        sweep();

        CaptureReceipt receipt = ledger.captured(hold, 200);

        assertThat(ledger.lastKind()).isEqualTo("late_capture");
        assertThat(receipt.captured()).isEqualTo(new Credits(200));
        assertThat(receipt.owed()).isEqualTo(Credits.ZERO);
        assertThat(receipt.revenue()).isEqualTo(new UsdMicros(2_000_000));
        ledger.assertBalance(user, 400, 0, 0);
        assertThat(ledger.capture(hold, 200)).isEqualTo(new CaptureOutcome.AlreadyPosted(receipt));
        assertThat(ledger.capture(hold, 199)).isInstanceOf(Conflict.class);
    }

    @Test
    void whatIsNotAvailableAnyMoreIsOwedAndRecoveredLater() {
        UserId user = ledger.userWith(300);
        UUID expired = ledger.hold(user, 300);
        ledger.advance(Duration.ofHours(1));
        sweep();
        ledger.captured(ledger.hold(user, 250), 250);

        CaptureReceipt late = ledger.captured(expired, 280);
        assertThat(late.captured()).isEqualTo(new Credits(280));
        assertThat(late.owed()).isEqualTo(new Credits(230));
        ledger.assertBalance(user, 0, 0, 230);
        assertThat(recover(user, "nothing-yet")).isEqualTo(new RecoverOutcome.NothingToRecover());

        ledger.grant(user, 100, 1_000_000, null);
        RecoverReceipt part = ((RecoverOutcome.Posted) recover(user, "a")).receipt();
        assertThat(part.recovered()).isEqualTo(new Credits(100));
        assertThat(part.stillOwed()).isEqualTo(new Credits(130));
        assertThat(part.revenue()).isEqualTo(new UsdMicros(1_000_000));
        assertThat(recover(user, "a")).isEqualTo(new RecoverOutcome.AlreadyPosted(part));

        ledger.grant(user, 500, 0, null);
        assertThat(((RecoverOutcome.Posted) recover(user, "b")).receipt().stillOwed())
                .isEqualTo(Credits.ZERO);
        ledger.assertBalance(user, 370, 0, 0);
        assertThat(recover(user, "c")).isEqualTo(new RecoverOutcome.NothingToRecover());
    }

    @Test
    void anExpiredGrantCannotBeUsedEvenBeforeTheSweep() {
        UserId user = ledger.user();
        ledger.grant(user, 600, 6_000_000, ledger.now().plus(Duration.ofDays(1)));
        ledger.advance(Duration.ofDays(1));

        assertThat(get(ledger.ledger().hold(ledger.holdRequest(user, 1))))
                .isEqualTo(new Insufficient(Credits.ZERO, new Credits(1)));
        ledger.assertBalance(user, 0, 0, 0);
    }

    @Test
    void whatIsLeftOfAnExpiredGrantIsBreakage() {
        UserId user = ledger.user();
        UUID grant = ledger.grant(user, 600, 6_000_001, ledger.now().plus(Duration.ofDays(1)));
        ledger.captured(ledger.hold(user, 100), 100);
        ledger.advance(Duration.ofDays(1));

        assertThat(sweep().brokenGrants()).contains(grant);
        assertThat(sweep().brokenGrants()).isEmpty();

        // Other tests' grants break in the same sweep, so the figures are read by grant.
        assertThat(DB.query("select account, sum(amount)::bigint as micros from ledger_entries where grant_id = '"
                        + grant + "' and unit = 'usd_micro' group by account order by account"))
                .extracting(row -> row.get("account") + " " + row.get("micros"))
                .containsExactly("breakage -5000001", "cash 6000001", "liability 0", "revenue -1000000");
    }

    @Test
    void aReleaseIntoAnExpiredGrantIsBreakage() {
        UserId user = ledger.user();
        Instant expiry = ledger.now().plus(Duration.ofMinutes(10));
        ledger.grant(user, 100, 1_000_000, expiry);
        ledger.grant(user, 500, 0, null);
        UUID hold = ledger.hold(user, 300);
        ledger.advance(Duration.ofMinutes(11));
        sweep();

        ReleaseReceipt receipt = ((ReleaseOutcome.Posted) ledger.release(hold)).receipt();

        assertThat(ledger.lastKind()).isEqualTo("release_breakage");
        assertThat(receipt.released()).isEqualTo(new Credits(200));
        assertThat(receipt.broken()).isEqualTo(new Credits(100));
        ledger.assertBalance(user, 500, 0, 0);
    }

    @Test
    void aCaptureChargesAnExpiredGrantAndBreaksWhatIsLeftOfIt() {
        UserId user = ledger.user();
        ledger.grant(user, 300, 3_000_000, ledger.now().plus(Duration.ofMinutes(10)));
        UUID hold = ledger.hold(user, 300);
        ledger.advance(Duration.ofMinutes(11));

        CaptureReceipt receipt = ledger.captured(hold, 180);

        assertThat(ledger.lastKind()).isEqualTo("capture_breakage");
        assertThat(receipt.captured()).isEqualTo(new Credits(180));
        assertThat(receipt.released()).isEqualTo(Credits.ZERO);
        assertThat(receipt.broken()).isEqualTo(new Credits(120));
        assertThat(receipt.revenue()).isEqualTo(new UsdMicros(1_800_000));
        sweep();
        ledger.assertBalance(user, 0, 0, 0);
    }

    private SweepReport sweep() {
        return get(ledger.ledger().sweep(LIMIT));
    }

    private RecoverOutcome recover(UserId user, String key) {
        return get(ledger.ledger().recover(new RecoverRequest(user, user + ":" + key)));
    }
}
