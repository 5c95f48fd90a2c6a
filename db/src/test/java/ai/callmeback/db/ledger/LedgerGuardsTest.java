package ai.callmeback.db.ledger;

import static ai.callmeback.db.ledger.LedgerFixture.get;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.callmeback.db.testing.TestDatabase;
import ai.callmeback.domain.UserId;
import java.time.Duration;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * Each invariant names its guard. Every test does the same wrong thing twice: with the guard, where it is refused; and in
 * a scratch database without it, where it gets through and the audit reports it. So each guard is needed, and the audit
 * does not lean on any of them.
 */
class LedgerGuardsTest {

    private TestDatabase database;
    private LedgerFixture ledger;

    @BeforeEach
    void open() {
        database = TestDatabase.fresh().open();
        ledger = new LedgerFixture(database);
    }

    @AfterEach
    void close() {
        database.close();
    }

    /** I1, guard: trigger ledger_entries_checked. */
    @Test
    void i1EntriesSumToZero() {
        ledger.userWith(600);
        String oneSided = posting("hold", "x") + "insert into ledger_entries (posting_id, line, account, unit, amount)"
                + " select max(id), 1, 'promo', 'credit_second', -5 from ledger_postings";

        assertRefused(oneSided, "sums to -5 credit_second");

        withoutGuard("drop trigger ledger_entries_checked on ledger_entries", oneSided);
        assertViolations("posting_unbalanced");
    }

    /** The catalogue, guard: trigger ledger_entries_checked. */
    @Test
    void aKindMayTouchItsAccountsOnly() {
        String promoForCash = posting("grant_paid", "x")
                + "insert into ledger_entries (posting_id, line, account, unit, amount)"
                + " select max(id), 1, 'cash', 'usd_micro', 7 from ledger_postings"
                + " union all select max(id), 2, 'promo', 'usd_micro', -7 from ledger_postings";

        assertRefused(promoForCash, "of kind grant_paid may not move -7 usd_micro on promo");

        withoutGuard("drop trigger ledger_entries_checked on ledger_entries", promoForCash);
        assertViolations("entry_illegal");
    }

    /** The same guard, asked of several postings that one statement adds. */
    @Test
    void postingsAddedTogetherAreCheckedEach() {
        String grants = posting("grant_paid", "a") + posting("grant_paid", "b");
        String lines = "insert into ledger_entries (posting_id, line, account, unit, amount)"
                + " select id, line, account, 'usd_micro', amount from ledger_postings, (values"
                + " (1, 'cash', 5), %s) as l (line, account, amount)";

        assertRefused(
                grants + lines.formatted("(2, 'cash', -5)"), "of kind grant_paid may not move -5 usd_micro on cash");
        assertRefused(grants + lines.formatted("(3, 'liability', -5)"), "is not entered whole");
        database.execute("begin; " + grants + lines.formatted("(2, 'liability', -5)") + "; rollback");
    }

    /** What the guard reads is carried over from the catalogue, also when a later migration changes that. */
    @Test
    void theGuardKnowsTheCatalogueAsItIs() {
        String toBreakage = posting("hold", "x")
                + "insert into ledger_entries (posting_id, line, account, unit, amount)"
                + " select max(id), line, account, 'usd_micro', amount from ledger_postings, (values"
                + " (1, 'liability', 7), (2, 'breakage', -7)) as l (line, account, amount) group by 2, 3, 5";
        assertRefused(toBreakage, "of kind hold may not move");

        String allowed = "insert into ledger_kind_accounts (kind, account, unit, sign) values"
                + " ('hold', 'liability', 'usd_micro', 1), ('hold', 'breakage', 'usd_micro', -1); ";
        database.execute("begin; " + allowed + toBreakage + "; rollback");
        database.execute(allowed);
        database.execute("delete from ledger_kind_accounts where kind = 'hold' and unit = 'usd_micro'");
        assertRefused(toBreakage, "of kind hold may not move");
    }

    /** A posting is whole, guard: trigger ledger_entries_checked. */
    @Test
    void nothingIsAddedToAPostingLater() {
        ledger.userWith(600);
        String later = "insert into ledger_entries (posting_id, line, account, unit, amount, user_id, grant_id)"
                + " select posting_id, line + 2, account, unit, amount, user_id, grant_id from ledger_entries";

        assertRefused(later, "is not entered whole");

        withoutGuard("drop trigger ledger_entries_checked on ledger_entries", later);
        assertViolations("grant_balance");
    }

    /** I2, guard: check ledger_grants_available_not_negative, here against a hold function that forgot to ask. */
    @Test
    void i2AvailableIsNeverNegative() {
        UserId user = ledger.userWith(100);
        UUID hold = ledger.hold(user, 60);
        String overdraw = moveAvailableToHeld(hold, 41);

        assertRefused(overdraw, "ledger_grants_available_not_negative");

        withoutGuard("alter table ledger_grants drop constraint ledger_grants_available_not_negative", overdraw);
        assertViolations("balance_negative");
    }

    /** I3, guard: unique index ledger_postings_hold_resolves_once (above it: the business key and the state). */
    @Test
    void i3AHoldResolvesOnce() {
        UUID hold = ledger.hold(ledger.userWith(600), 300);
        ledger.captured(hold, 100);
        String again = "insert into ledger_postings (business_key, kind, hold_id, body, result, occurred_at)"
                + " values ('settle-again', 'release', '" + hold + "', '{}', '{}', now())";

        assertRefused(again, "ledger_postings_hold_resolves_once");

        withoutGuard("drop index ledger_postings_hold_resolves_once", again);
        assertViolations("hold_resolved_twice");
    }

    /** Idempotency, guard: unique constraint ledger_postings_once. */
    @Test
    void aBusinessKeyIsUsedOnce() {
        ledger.userWith(600);
        String twice = "insert into ledger_postings (business_key, kind, body, result, occurred_at)"
                + " select business_key, kind, body, result, occurred_at from ledger_postings";

        assertRefused(twice, "ledger_postings_once");

        withoutGuard("alter table ledger_postings drop constraint ledger_postings_once", twice);
        assertViolations("business_key_reused");
    }

    /** Guard: check ledger_holds_dialled_never_expire (above it: the sweep's own condition). */
    @Test
    void aHoldWithADialIntentNeverExpires() {
        UUID hold = ledger.hold(ledger.userWith(600), 300);
        get(ledger.ledger().markDialIntended(hold));
        ledger.advance(Duration.ofHours(2));
        String forgetful = "select ledger_resolve('" + hold + "', 'expire', 0, 'deadline', now())";

        assertRefused(forgetful, "ledger_holds_dialled_never_expire");

        withoutGuard("alter table ledger_holds drop constraint ledger_holds_dialled_never_expire", forgetful);
        assertViolations("hold_dialled_but_expired");
    }

    /** Guard: check ledger_grants_money_in_step. */
    @Test
    void revenueIsRecognisedInStepWithTheSecondsGone() {
        UserId user = ledger.user();
        ledger.grant(user, 600, 6_000_000, null);
        String earlyRevenue = "update ledger_grants set revenue_micros = 1";

        assertRefused(earlyRevenue, "ledger_grants_money_in_step");

        withoutGuard("alter table ledger_grants drop constraint ledger_grants_money_in_step", earlyRevenue);
        assertViolations("grant_money");
    }

    /** Guard: check ledger_grants_seconds_conserved. */
    @Test
    void noSecondIsLostOrMade() {
        ledger.userWith(600);
        String gift = "update ledger_grants set available_seconds = available_seconds + 60";

        assertRefused(gift, "ledger_grants_seconds_conserved");

        withoutGuard("alter table ledger_grants drop constraint ledger_grants_seconds_conserved", gift);
        assertViolations("grant_seconds");
    }

    /** Append-only, guards: the triggers *_append_only, *_kept and *_not_truncated. */
    @Test
    void whatIsPostedStays() {
        ledger.captured(ledger.hold(ledger.userWith(600), 300), 100);

        for (String table : new String[] {"ledger_postings", "ledger_entries"}) {
            assertRefused("delete from " + table, "not allowed");
            assertRefused("truncate " + table + " cascade", "not allowed");
        }
        assertRefused("update ledger_entries set amount = amount * 2", "not allowed");
        assertRefused("update ledger_postings set kind = 'hold'", "not allowed");
        assertRefused("delete from ledger_hold_slices", "not allowed");
        assertRefused("delete from ledger_holds", "not allowed");
        assertRefused("delete from ledger_grants", "not allowed");

        withoutGuard(
                "drop trigger ledger_entries_append_only on ledger_entries",
                "update ledger_entries set amount = amount * 2 where account in ('user_held', 'user_available')");
        assertViolations("posting_unbalanced");
    }

    /** The audit names the violation with its entries. */
    @Test
    void aViolationCarriesItsEntries() {
        UserId user = ledger.userWith(600);
        UUID hold = ledger.hold(user, 300);
        withoutGuard(
                "drop trigger ledger_entries_append_only on ledger_entries",
                "update ledger_entries set amount = 299 where account = 'user_held' and hold_id = '" + hold + "'");

        assertThat(ledger.audit().violations())
                .filteredOn(violation -> violation.rule().equals("hold_seconds"))
                .singleElement()
                .satisfies(violation -> {
                    assertThat(violation.subject()).isEqualTo("hold " + hold);
                    assertThat(violation.detail()).isEqualTo("open with 300 s, entries say 299 s");
                    assertThat(violation.entries()).contains("user_held").contains("299");
                });
    }

    private static String posting(String kind, String key) {
        return "insert into ledger_postings (business_key, kind, body, result, occurred_at) values ('forged:" + key
                + "', '" + kind + "', '{}', '{}', now()); ";
    }

    /** As the hold functions do, but without looking at what is available. */
    private static String moveAvailableToHeld(UUID hold, long seconds) {
        return "with p as (insert into ledger_postings (business_key, kind, user_id, hold_id, body, result, occurred_at)"
                + " select 'forged:grow', 'hold_growth', user_id, hold_id, '{}', '{}', now() from ledger_holds"
                + " where hold_id = '" + hold + "' returning id, user_id)"
                + " select ledger_move(p.id, p.user_id, '" + hold + "', array[(s.grant_id, 1, false, -" + seconds + ", "
                + seconds + ", 0, 0, 0, 0)::ledger_share], '{}') from p, ledger_hold_slices s where s.hold_id = '"
                + hold + "'";
    }

    /** Several statements in one message are one transaction. */
    private void assertRefused(String sql, String guard) {
        assertThatThrownBy(() -> database.execute(sql)).as(sql).hasMessageContaining(guard);
        ledger.assertAuditClean();
    }

    private void withoutGuard(String dropGuard, String sql) {
        database.execute(dropGuard);
        assertThatCode(() -> database.execute(sql))
                .as("without the guard: " + sql)
                .doesNotThrowAnyException();
    }

    private void assertViolations(String rule) {
        assertThat(ledger.audit().violations())
                .extracting(AuditReport.Violation::rule)
                .contains(rule);
    }
}
