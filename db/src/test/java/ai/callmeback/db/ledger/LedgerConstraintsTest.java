package ai.callmeback.db.ledger;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.callmeback.db.testing.TestDatabase;
import ai.callmeback.domain.UserId;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The guards below the ledger's functions, each against a function that would have forgotten to ask. */
class LedgerConstraintsTest {
    @RegisterExtension
    static final TestDatabase DB = TestDatabase.fresh();

    private LedgerFixture ledger;

    @BeforeEach
    void open() {
        ledger = new LedgerFixture(DB);
    }

    /** I2, guard: check ledger_grants_held_not_negative. */
    @Test
    void i2HeldIsNeverNegative() {
        UUID grant = ledger.grant(ledger.user(), 600, 0, null);
        refused(
                "update ledger_grants set held_seconds = -1, available_seconds = 601 where grant_id = '" + grant + "'",
                "ledger_grants_held_not_negative");
    }

    /** I3, guards: checks ledger_holds_state, ledger_holds_resolved, ledger_holds_accounted. */
    @Test
    void i3AHoldIsResolvedWholly() {
        String hold = " where hold_id = '" + ledger.hold(ledger.userWith(600), 300) + "'";
        refused(
                "update ledger_holds set state = 'forgotten', released_seconds = 300, resolved_at = now()" + hold,
                "ledger_holds_state");
        refused("update ledger_holds set state = 'released', released_seconds = 300" + hold, "ledger_holds_resolved");
        refused(
                "update ledger_holds set state = 'released', released_seconds = 299, resolved_at = now()" + hold,
                "ledger_holds_accounted");
    }

    /** Guards: checks ledger_holds_late and ledger_hold_slices_bounds. */
    @Test
    void whatIsChargedLateOrFromASliceIsWithinTheHold() {
        UserId user = ledger.userWith(600);
        String hold = " where hold_id = '" + ledger.hold(user, 300) + "'";
        refused("update ledger_holds set late_seconds = 10" + hold, "ledger_holds_late");
        refused("update ledger_hold_slices set captured_seconds = 301" + hold, "ledger_hold_slices_bounds");
    }

    /** A late charge is made once, guard: unique index ledger_postings_late_capture_once. */
    @Test
    void aHoldIsChargedLateOnce() {
        UUID hold = ledger.hold(ledger.userWith(600), 300);
        String late = "insert into ledger_postings (business_key, kind, hold_id, body, result, occurred_at)"
                + " values ('forged:%s:" + hold + "', 'late_capture', '" + hold + "', '{}', '{}', now())";
        DB.execute(late.formatted("a"));
        refused(late.formatted("b"), "ledger_postings_late_capture_once");
    }

    /** Guards: checks ledger_grants_bounds and ledger_grants_source, ledger_entries_amount and ledger_entries_owner. */
    @Test
    void grantsAndEntriesAreWithinBounds() {
        UUID grant = ledger.grant(ledger.user(), 600, 0, null);
        refused("update ledger_grants set priority = -1 where grant_id = '" + grant + "'", "ledger_grants_bounds");
        refused("update ledger_grants set source = 'gift' where grant_id = '" + grant + "'", "ledger_grants_source");
        String entry =
                "insert into ledger_entries (posting_id, line, account, unit, amount) values (0, 1, '%s', '%s', %d)";
        refused(entry.formatted("cash", "usd_micro", 0), "ledger_entries_amount");
        refused(entry.formatted("user_available", "credit_second", 5), "ledger_entries_owner");
    }

    /** Guards: check ledger_clawbacks_bounds, triggers ledger_clawbacks_kept, ledger_fees_append_only. */
    @Test
    void whatWasTakenBackStaysAsItWas() {
        UUID grant = ledger.grant(ledger.user(), 600, 6_000_000, null);
        String refund = "re_" + grant;
        LedgerFixture.get(ledger.corrections()
                .clawBack(new ClawBackRequest(
                        refund, ClawBackKind.REFUND, grant, new ai.callmeback.domain.UsdMicros(1_000_000))));
        LedgerFixture.get(ledger.corrections().fee(refund, new ai.callmeback.domain.UsdMicros(100), false));

        refused(
                "update ledger_clawbacks set taken_seconds = seconds_due + 1 where clawback_key = '" + refund + "'",
                "ledger_clawbacks_bounds");
        refused("delete from ledger_clawbacks where clawback_key = '" + refund + "'", "not allowed");
        refused("update ledger_fees set amount_micros = 0 where payment = '" + refund + "'", "not allowed");
    }

    private static void refused(String sql, String guard) {
        assertThatThrownBy(() -> DB.execute(sql)).as(sql).hasMessageContaining(guard);
    }
}
