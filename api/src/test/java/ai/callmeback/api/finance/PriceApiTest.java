package ai.callmeback.api.finance;

import static org.assertj.core.api.Assertions.assertThat;

import ai.callmeback.db.price.PriceRefreshes;
import ai.callmeback.db.price.Prices;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.http.HttpStatus;
import tools.jackson.databind.JsonNode;

/** Prices by HTTP. What becomes of a reading is tried in the database. */
class PriceApiTest extends FinanceDesk {
    private static final Duration SOON = Duration.ofSeconds(10);

    @Autowired
    private Prices prices;

    @Autowired
    private PriceRefreshes runs;

    private final String vendor = "vendor-" + UUID.randomUUID();

    @Test
    void aPriceIsEnteredAndStandsInTheBookWithItsHistory() {
        Map<String, Object> price = Map.of(
                "vendor",
                vendor,
                "operation",
                "x",
                "unit",
                "minute",
                "usd",
                new BigDecimal("0.0042"),
                "note",
                "their page");
        ok(post("/api/finance/prices", price, null));
        ok(post("/api/finance/prices", price, null));

        JsonNode mine = mine(ok(get("/api/finance/prices")).path("prices"));
        assertThat(mine.path("usd").decimalValue()).isEqualByComparingTo("0.0042");
        assertThat(mine.path("source").asString()).isEqualTo("manual");
        assertThat(mine.path("model").asString()).isEmpty();
        assertThat(mine.has("validUntil")).isFalse();
        assertThat(ok(get("/api/finance/prices?history=true"))
                        .path("prices")
                        .valueStream()
                        .filter(one -> one.path("vendor").asString().equals(vendor)))
                .as("once")
                .hasSize(1);
    }

    @Test
    void aHeldPriceIsDecidedOnce() {
        read("0.1");
        read("0.5");
        JsonNode change = mine(ok(get("/api/finance/price-changes")).path("changes"));
        assertThat(change.path("state").asString()).isEqualTo("pending");
        String path = "/api/finance/price-changes/" + change.path("id").asString() + "/decide";

        refused(
                post(path, Map.of("verdict", "perhaps", "note", "x"), null),
                HttpStatus.BAD_REQUEST,
                "value_not_offered");
        refused(post(path, Map.of("verdict", "accepted", "note", ""), null), HttpStatus.BAD_REQUEST, "text_too_short");
        Map<String, String> accepted = Map.of("verdict", "accepted", "note", "they told us");
        assertThat(ok(post(path, accepted, null)).path("state").asString()).isEqualTo("accepted");
        assertThat(ok(post(path, accepted, null)).path("state").asString()).isEqualTo("accepted");
        refused(
                post(path, Map.of("verdict", "refused", "note", "no"), null),
                HttpStatus.CONFLICT,
                "price_change_decided");
        refused(post("/api/finance/price-changes/999999/decide", accepted, null), HttpStatus.NOT_FOUND, "not_found");
        assertThat(mine(ok(get("/api/finance/prices")).path("prices"))
                        .path("usd")
                        .decimalValue())
                .isEqualByComparingTo("0.5");
    }

    @Test
    void aRefreshIsAskedForOnceAndToldOf() {
        JsonNode run = ok(post("/api/finance/price-refreshes", Map.of(), "k1"));
        assertThat(run.path("status").asString()).isEqualTo("running");
        assertThat(ok(post("/api/finance/price-refreshes", Map.of(), "k1"))).isEqualTo(run);
        UUID id = UUID.fromString(run.path("id").asString());
        runs.progressed(id, "{\"read\":7,\"held\":1}")
                .then(runs.finished(id, Instant.now()))
                .block(SOON);

        JsonNode done = ok(get("/api/finance/price-refreshes/" + id));
        assertThat(done.path("status").asString()).isEqualTo("done");
        assertThat(done.at("/progress/held").asInt()).isEqualTo(1);
        assertThat(ok(get("/api/finance/price-refreshes")).at("/runs/0/id").asString())
                .isEqualTo(id.toString());
        refused(get("/api/finance/price-refreshes/x"), HttpStatus.NOT_FOUND, "not_found");
        refused(
                post("/api/finance/price-refreshes", Map.of(), null),
                HttpStatus.BAD_REQUEST,
                "idempotency_key_invalid");
    }

    @Test
    void whatIsNoPriceIsRefused() {
        refused(post("/api/finance/prices", Map.of("vendor", vendor), null), HttpStatus.BAD_REQUEST, "field_required");
        refused(
                post(
                        "/api/finance/prices",
                        Map.of("vendor", vendor, "operation", "x", "unit", "minute", "usd", -1, "note", "n"),
                        null),
                HttpStatus.BAD_REQUEST,
                "amount_out_of_range");
    }

    private void read(String usd) {
        prices.read(vendor, "x", "", "minute", new BigDecimal(usd), "read", Instant.now())
                .block(SOON);
    }

    private JsonNode mine(JsonNode list) {
        return list.valueStream()
                .filter(one -> one.path("vendor").asString().equals(vendor))
                .findFirst()
                .orElseThrow();
    }
}
