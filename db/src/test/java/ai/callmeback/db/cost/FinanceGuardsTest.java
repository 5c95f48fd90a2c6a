package ai.callmeback.db.cost;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.callmeback.db.notice.FinanceNotices;
import ai.callmeback.db.price.Prices;
import ai.callmeback.db.testing.TestDatabase;
import ai.callmeback.domain.UsdMicros;
import ai.callmeback.domain.UserId;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.time.YearMonth;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What finance's tables refuse by themselves, below the functions that ask first; each by a copy of what is there. */
class FinanceGuardsTest {
    @RegisterExtension
    static final TestDatabase DB = TestDatabase.fresh();

    private static final Instant NOW = Instant.parse("2026-11-21T08:00:00Z");
    private static final Duration SOON = Duration.ofSeconds(10);

    private final UserId finance = new UserId(UUID.randomUUID());

    @BeforeEach
    void somebodyOfFinance() {
        DB.execute("insert into users (id, email, password_hash, display_name, country, pseudonym, role) values ('"
                + finance + "', '" + finance + "@example.test', 'x', 'Kim', 'US', 'u-" + finance + "', 'finance')");
    }

    /** Guard: index price_changes_one_pending. */
    @Test
    void ofAPriceOneChangeWaits() {
        var prices = new Prices(DB.client());
        prices.read("v", "x", "", "minute", new BigDecimal("0.10"), "read", NOW).block(SOON);
        prices.read("v", "x", "", "minute", new BigDecimal("0.50"), "read", NOW.plusSeconds(1))
                .block(SOON);
        assertThat(DB.query("select 1 as one from price_changes where vendor = 'v'"))
                .hasSize(1);

        refused(
                "insert into price_changes (vendor, operation, model, unit, old_price, new_price, note, read_at)"
                        + " select vendor, operation, model, unit, old_price, 0.6, note, read_at from price_changes"
                        + " where vendor = 'v'",
                "price_changes_one_pending");
    }

    /** Guard: unique other_costs_once. */
    @Test
    void aCostThatIsNoCallsIsBookedOnce() {
        var costs = new OtherCosts(DB.client());
        costs.mail("m1", NOW).block(SOON);
        costs.mail("m1", NOW).block(SOON);
        assertThat(DB.query("select 1 as one from other_costs where vendor = 'resend'"))
                .hasSize(1);

        refused(
                "insert into other_costs (business_key, vendor, operation, first_day, last_day, amount_micros, estimated,"
                        + " note, posting_id, recorded_at) select business_key, vendor, operation, first_day, last_day,"
                        + " amount_micros, estimated, note, posting_id, recorded_at from other_costs"
                        + " where vendor = 'resend'",
                "other_costs_once");
    }

    /** Guard: primary key finance_notices_once. */
    @Test
    void aPersonOfFinanceIsToldOnce() {
        var notices = new FinanceNotices(DB.client());
        notices.tell("n1", "Subject", "Body", NOW).block(SOON);
        notices.tell("n1", "Subject", "Body", NOW).block(SOON);
        String told = "select * from finance_notices where notice_key = 'n1' and user_id = '" + finance + "'";
        assertThat(DB.query(told)).hasSize(1);

        refused("insert into finance_notices " + told, "finance_notices_once");
    }

    /** Guard: unique platform_bills_once. */
    @Test
    void aBillIsEnteredOncePerKey() {
        var costs = new OtherCosts(DB.client());
        var bill = new OtherCosts.NewBill(
                UUID.randomUUID(), "k", "Hosting", YearMonth.of(2026, 11), new UsdMicros(412_500_000), "", finance);
        costs.bill(bill, NOW).block(SOON);
        costs.bill(bill, NOW).block(SOON);
        assertThat(DB.query("select 1 as one from platform_bills where entered_by = '" + finance + "'"))
                .hasSize(1);

        refused(
                "insert into platform_bills select gen_random_uuid(), idempotency_key, payee, month, amount_micros, note,"
                        + " entered_by, entered_at from platform_bills where entered_by = '" + finance + "'",
                "platform_bills_once");
    }

    private static void refused(String statement, String guard) {
        assertThatThrownBy(() -> DB.execute(statement)).hasMessageContaining(guard);
    }
}
