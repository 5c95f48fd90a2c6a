package ai.callmeback.db.figures;

import static org.assertj.core.api.Assertions.assertThat;

import ai.callmeback.db.cost.CallQuantities;
import ai.callmeback.db.cost.CostRecorder;
import ai.callmeback.db.cost.OtherCosts;
import ai.callmeback.db.figures.Outlook.Share;
import ai.callmeback.db.testing.TestDatabase;
import ai.callmeback.domain.CallId;
import ai.callmeback.domain.UsdMicros;
import ai.callmeback.domain.UserId;
import ai.callmeback.domain.call.CallDirection;
import ai.callmeback.domain.usage.UsageTotals;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.time.YearMonth;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import reactor.core.publisher.Mono;

/** One history, of two windows of four weeks, read in all ways. Packs are bought, and two personas called. */
class OutlookTest {
    @RegisterExtension
    static final TestDatabase DB = TestDatabase.fresh();

    private static final Duration SOON = Duration.ofSeconds(20);
    private static final Instant NOW = Instant.parse("2026-11-29T00:00:00Z");
    private static final Instant LAST = Instant.parse("2026-11-15T10:00:00Z");
    private static final Instant BEFORE = Instant.parse("2026-10-15T10:00:00Z");

    private final Figures figures = new Figures(DB.client());
    private final Outlooks outlooks = new Outlooks(DB.client(), figures);

    @Test
    void theOutlookIsWorkedOutFromTheBooks() {
        UserId ann = person("finance");
        UserId bob = person("user");
        grant(ann, BEFORE);
        grant(ann, LAST);
        grant(bob, LAST);
        call(ann, "brad_001", BEFORE, 600);
        call(ann, "brad_001", LAST, 600);
        call(ann, "sarah_001", LAST, 300);
        call(bob, "sarah_001", LAST, 300);
        get(new OtherCosts(DB.client())
                .bill(
                        new OtherCosts.NewBill(
                                UUID.randomUUID(),
                                "b",
                                "Host",
                                YearMonth.parse("2026-11"),
                                new UsdMicros(10_000_000),
                                "servers",
                                ann),
                        LAST));

        Outlook outlook = get(outlooks.outlook(NOW));
        FigurePeriod last = get(figures.report(NOW.minus(Duration.ofDays(28)), NOW, Grain.TOTAL, NOW))
                .total();

        Outlook.BreakEven even = Objects.requireNonNull(outlook.breakEven());
        assertThat(even.fixed()).isEqualTo(new UsdMicros(10_000_000));
        BigDecimal minutes = BigDecimal.valueOf(20);
        assertThat(even.leftPerMinute().multiply(minutes))
                .isCloseTo(value(last, "contribution"), org.assertj.core.data.Offset.offset(new BigDecimal("0.0001")));
        assertThat(even.minutes().multiply(even.leftPerMinute())).isGreaterThanOrEqualTo(new BigDecimal("10"));
        // Three calls in twenty minutes.
        assertThat(Objects.requireNonNull(even.calls()))
                .isCloseTo(
                        even.minutes().multiply(new BigDecimal("0.15")),
                        org.assertj.core.data.Offset.offset(new BigDecimal("0.1")));
        assertThat(outlook.forecasts())
                .filteredOn(one -> one.figure().equals("cash_receipts"))
                .singleElement()
                .satisfies(one -> {
                    assertThat(one.usd()).isEqualByComparingTo("29.98");
                    assertThat(one.lastError()).as("14.99 was expected").isEqualByComparingTo("0.5");
                });
        assertThat(outlook.products())
                .filteredOn(one -> one.product().equals("pack_25"))
                .singleElement()
                .satisfies(one -> {
                    assertThat(one.usdPerMinute()).isEqualByComparingTo("0.5996");
                    assertThat(one.costPerMinute())
                            .isEqualTo(
                                    last.figure("loaded_cost_per_billed_minute").value());
                    assertThat(one.margin()).isNotNull();
                });
        for (String by : List.of("user", "persona")) {
            List<Share> shares = get(
                    outlooks.top(by, NOW.minus(Duration.ofDays(28)), NOW, 100).collectList());
            assertThat(sum(shares, true)).as("revenue by " + by).isEqualByComparingTo(value(last, "revenue"));
            assertThat(sum(shares, false)).as("costs by " + by).isEqualByComparingTo(value(last, "costs"));
            assertThat(shares.getFirst().subject())
                    .isEqualTo(
                            by.equals("user")
                                    ? ann.toString()
                                    : shares.getFirst().subject());
            assertThat(shares.stream().mapToLong(Share::calls).sum()).isEqualTo(3);
        }

        aMonthIsClosedOnce(ann);
    }

    private void aMonthIsClosedOnce(UserId by) {
        MonthClosings closings = new MonthClosings(DB.client(), figures);
        YearMonth october = YearMonth.parse("2026-10");
        MonthClosing closed = get(closings.close(october, "all is well", by, NOW));
        assertThat(closed.differing()).isEmpty();
        assertThat(closed.figures()).contains("\"cash_in\": \"14.990000\"");
        assertThat(get(closings.close(october, "again", by, NOW.plusSeconds(60)))
                        .note())
                .isEqualTo("all is well");

        grant(by, BEFORE);

        assertThat(get(closings.latest(5, NOW).single()).differing())
                .as("somebody has booked into the past")
                .contains("cash_in", "deferred")
                .doesNotContain("revenue", "projected_profit");
    }

    private static BigDecimal sum(List<Share> shares, boolean revenue) {
        return shares.stream()
                .map(share -> (revenue ? share.revenue() : share.cost()).toUsd())
                .reduce(BigDecimal.ZERO, BigDecimal::add);
    }

    private static BigDecimal value(FigurePeriod period, String name) {
        return Objects.requireNonNull(period.figure(name).value());
    }

    private static UserId person(String role) {
        UUID id = UUID.randomUUID();
        DB.execute("insert into users (id, email, password_hash, display_name, country, pseudonym, role) values ('" + id
                + "', '" + id + "@example.test', 'x', 'Kim', 'US', 'u-" + id + "', '" + role + "')");
        return new UserId(id);
    }

    private static void grant(UserId user, Instant at) {
        DB.execute("select ledger_grant('" + UUID.randomUUID() + "', '" + user
                + "', 1500, 'pack', 14990000, 100, null, '" + at + "')");
    }

    private static void call(UserId user, String persona, Instant at, int seconds) {
        CallId call = new CallId(UUID.randomUUID());
        DB.execute("insert into calls (id, user_id, request_hash, persona_id, phone_e164, planned_seconds, immediate,"
                + " scheduled_for, callback_policy, charge_decision, charge_reason, billed_seconds, charged_seconds,"
                + " answered_at, settled_at, created_at, updated_at) values ('" + call + "', '" + user + "', '', '"
                + persona
                + "', '+14155550199', 600, true, '" + at + "', '{}', 'CHARGED', 'by_the_second', " + seconds + ", "
                + seconds
                + ", '" + at + "', '" + at + "', '" + at + "', '" + at + "')");
        DB.execute("select ledger_hold('" + call + "', '" + user + "', 600, 'test', '" + at.plusSeconds(3_600) + "', '"
                + at + "')");
        DB.execute("select ledger_capture('" + call + "', " + seconds + ", 'by_the_second', '" + at + "')");
        get(CostRecorder.on(DB.client(), () -> at)
                .record(
                        call,
                        at,
                        CallQuantities.of(CallDirection.OUTBOUND, List.of((long) seconds), UsageTotals.NONE, true)));
    }

    private static <T> T get(Mono<T> answer) {
        return Objects.requireNonNull(answer.block(SOON));
    }
}
