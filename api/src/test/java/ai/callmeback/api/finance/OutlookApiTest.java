package ai.callmeback.api.finance;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigDecimal;
import java.time.YearMonth;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.springframework.http.HttpStatus;
import tools.jackson.databind.JsonNode;

/** Outlook, bills and closings by HTTP. That they are worked out from the books is tried in the database. */
class OutlookApiTest extends FinanceDesk {
    private final YearMonth month = YearMonth.now(ZoneOffset.UTC);

    @Test
    void theOutlookNamesEachProductAndForecast() {
        JsonNode outlook = ok(get("/api/finance/outlook"));

        assertThat(outlook.path("forecasts")).hasSize(4);
        assertThat(outlook.path("priceMatrix")
                        .valueStream()
                        .map(one -> one.path("product").asString()))
                .contains("pack_25", "call_5", "plan_pro");
    }

    @Test
    void theOutlookIsATableToo() {
        String csv = Objects.requireNonNull(get("/api/finance/outlook/csv")
                .expectStatus()
                .isOk()
                .expectHeader()
                .contentTypeCompatibleWith("text/csv")
                .expectBody(String.class)
                .returnResult()
                .getResponseBody());

        List<String> lines = csv.lines().toList();
        assertThat(lines).startsWith("part,subject,figure,value,state");
        assertThat(lines).anyMatch(line -> line.startsWith("price_matrix,pack_25,usd_per_minute,0.5996"));
        assertThat(lines)
                .filteredOn(line -> line.startsWith("forecast_28_days,"))
                .hasSize(4);
        assertThat(lines).allSatisfy(line -> assertThat(line.split(",", -1)).hasSize(5));
    }

    @Test
    void sharesAreListedByUsersAndByPersonas() {
        assertThat(ok(get("/api/finance/top/users")).path("by").asString()).isEqualTo("users");
        assertThat(ok(get("/api/finance/top/personas?limit=3")).has("shares")).isTrue();
        refused(get("/api/finance/top/dogs"), HttpStatus.NOT_FOUND, "not_found");
        refused(get("/api/finance/top/users?limit=0"), HttpStatus.BAD_REQUEST, "limit_out_of_range");
        refused(
                get("/api/finance/top/users?from=2026-01-02T00:00:00Z&until=2026-01-01T00:00:00Z"),
                HttpStatus.BAD_REQUEST,
                "range_invalid");
    }

    @Test
    void aBillIsEnteredOnce() {
        Map<String, Object> bill = Map.of(
                "payee", "Host", "month", month.toString(), "amountUsd", new BigDecimal("12.50"), "note", "servers");
        JsonNode booked = ok(post("/api/finance/bills", bill, "b1"));
        assertThat(ok(post("/api/finance/bills", bill, "b1")).path("id")).isEqualTo(booked.path("id"));
        refused(
                post(
                        "/api/finance/bills",
                        Map.of("payee", "Host", "month", month.toString(), "amountUsd", 13, "note", "servers"),
                        "b1"),
                HttpStatus.CONFLICT,
                "idempotency_conflict");
        assertThat(ok(get("/api/finance/bills")).at("/bills/0/amountUsd").decimalValue())
                .isEqualByComparingTo("12.50");
        refused(
                post(
                        "/api/finance/bills",
                        Map.of("payee", "Host", "month", month.plusMonths(1).toString(), "amountUsd", 1),
                        "b2"),
                HttpStatus.BAD_REQUEST,
                "time_invalid");
        refused(
                post("/api/finance/bills", Map.of("payee", "Host", "month", month.toString(), "amountUsd", -1), "b3"),
                HttpStatus.BAD_REQUEST,
                "amount_out_of_range");
    }

    @Test
    void aMonthThatIsOverIsClosed() {
        Map<String, String> last = Map.of("month", month.minusMonths(1).toString(), "note", "done");
        JsonNode closed = ok(post("/api/finance/closings", last, null));
        assertThat(closed.path("figures").has("projected_profit")).isTrue();
        assertThat(closed.path("differing")).isEmpty();
        assertThat(ok(post("/api/finance/closings", last, null)).path("closedAt"))
                .isEqualTo(closed.path("closedAt"));
        assertThat(ok(get("/api/finance/closings")).path("closings")).hasSize(1);
        refused(
                post("/api/finance/closings", Map.of("month", month.toString()), null),
                HttpStatus.BAD_REQUEST,
                "time_invalid");
    }
}
