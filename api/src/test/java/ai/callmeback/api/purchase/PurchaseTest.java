package ai.callmeback.api.purchase;

import static org.assertj.core.api.Assertions.assertThat;

import ai.callmeback.api.testing.ApiTest;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.HexFormat;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.test.web.reactive.server.WebTestClient.ResponseSpec;
import tools.jackson.databind.JsonNode;

/** Buying by HTTP, and the payment vendor's webhooks, signed as its documents say, computed here anew. */
class PurchaseTest extends ApiTest {

    @Test
    void theCatalogueIsForAnybody() {
        JsonNode catalogue = body(web.get().uri("/api/catalogue").exchange());

        assertThat(catalogue.at("/products").size()).isEqualTo(12);
        assertThat(catalogue.at("/products/0/priceUsd").decimalValue()).isEqualByComparingTo("14.99");
        assertThat(catalogue.at("/products/0/seconds").asInt()).isEqualTo(1_500);
        assertThat(catalogue.at("/products/11/entitlements/documents").asInt()).isEqualTo(50);
        assertThat(catalogue.at("/products/11/purchasable").asBoolean()).isFalse();
    }

    @Test
    void aWishIsKeptOnceAndIsItsOwnersAlone() {
        Person person = newPerson();
        Map<String, Object> pack = Map.of("product", "pack_25", "coupon", "fivemore");

        ResponseSpec first = buy(person, "k1", pack).expectStatus().isAccepted();
        String id = body(first).at("/id").asString();

        JsonNode again = body(buy(person, "k1", pack).expectStatus().isAccepted());
        assertThat(again.at("/id").asString()).isEqualTo(id);
        assertThat(again.at("/status").asString()).isEqualTo("new");
        assertThat(again.at("/amountUsd").decimalValue()).isEqualByComparingTo("14.99");
        assertThat(again.at("/bonusSeconds").asInt()).isEqualTo(300);
        refused(person, "k1", Map.of("product", "pack_50"), HttpStatus.CONFLICT, "idempotency_conflict");
        web.get()
                .uri("/api/purchases/" + id)
                .header("Authorization", newPerson().bearer())
                .exchange()
                .expectStatus()
                .isNotFound();
        web.get().uri("/api/purchases/" + id).exchange().expectStatus().isUnauthorized();
    }

    @Test
    void badWishesAreRefusedWithACode() {
        Person person = newPerson();
        HttpStatus bad = HttpStatus.BAD_REQUEST;

        refused(person, "k", Map.of("product", "gold"), bad, "unknown_product");
        refused(person, "k", Map.of("product", "a\0b"), bad, "unknown_product");
        refused(person, "k", Map.of("product", "plan_pro"), bad, "product_not_sold_singly");
        refused(person, "k", Map.of("product", "pack_25", "quantity", -1), bad, "quantity_out_of_range");
        refused(person, "k", Map.of("product", "pack_25", "quantity", 2_000_000_000), bad, "quantity_out_of_range");
        refused(person, "k", Map.of("product", "pack_25", "coupon", "NOSUCH"), bad, "unknown_coupon");
        refused(person, null, Map.of("product", "pack_25"), bad, "idempotency_key_invalid");
        buy(person, "k2", Map.of("product", "pack_25", "coupon", "WELCOME10"))
                .expectStatus()
                .isAccepted();
        refused(person, "k3", Map.of("product", "pack_25", "coupon", "WELCOME10"), HttpStatus.CONFLICT, "coupon_used");
    }

    @Test
    void theBalanceShowsItsGrants() {
        Person person = newPerson();
        DB.execute("select ledger_grant('g:" + person.id() + "', '" + person.id()
                + "', 1500, 'pack', 14990000, 100, '2027-11-21T00:00:00Z', now())");

        JsonNode credits = body(web.get()
                .uri("/api/credits")
                .header("Authorization", person.bearer())
                .exchange());

        assertThat(credits.at("/grants/0/source").asString()).isEqualTo("pack");
        assertThat(credits.at("/grants/0/pricePaidUsd").decimalValue()).isEqualByComparingTo("14.99");
        assertThat(credits.at("/grants/0/expiresAt").asString()).startsWith("2027-11-21");
    }

    @Test
    void aSignedEventIsStoredOnceWithoutWhatItSays() {
        String event = "evt_" + UUID.randomUUID();
        String purchase = UUID.randomUUID().toString();
        String body = event(event, purchase, false);

        webhook(body, signed(body, Instant.now())).expectStatus().isNoContent();
        webhook(body, signed(body, Instant.now())).expectStatus().isNoContent();

        assertThat(DB.query("select * from payment_events where event_id = '" + event + "'"))
                .singleElement()
                .satisfies(row -> {
                    assertThat(row.get("object_id")).isEqualTo("cs_1");
                    assertThat(row.get("purchase_id")).hasToString(purchase);
                    assertThat(row.toString()).doesNotContain("kim@example.com");
                });
    }

    @Test
    void forgedAndStaleEventsAreRefused() {
        String event = "evt_" + UUID.randomUUID();
        String body = event(event, UUID.randomUUID().toString(), false);

        webhook(body, null).expectStatus().isForbidden();
        webhook(body, "t=1,v1=00").expectStatus().isForbidden();
        webhook(body.replace("cs_1", "cs_2"), signed(body, Instant.now()))
                .expectStatus()
                .isForbidden();
        webhook(body, signed(body, Instant.now().minusSeconds(301)))
                .expectStatus()
                .isForbidden();

        assertThat(DB.query("select 1 from payment_events where event_id = '" + event + "'"))
                .isEmpty();
    }

    @Test
    void anEventOfAnotherEnvironmentIsACase() {
        String event = "evt_" + UUID.randomUUID();
        String body = event(event, UUID.randomUUID().toString(), true);

        webhook(body, signed(body, Instant.now())).expectStatus().isNoContent();

        assertThat(DB.query("select 1 from payment_events where event_id = '" + event + "'"))
                .isEmpty();
        assertThat(DB.query("select kind from money_cases where subject = 'event " + event + "'"))
                .singleElement()
                .satisfies(row -> assertThat(row.get("kind")).isEqualTo("other_environment"));
    }

    private static String event(String id, String purchase, boolean live) {
        return "{\"id\":\"" + id + "\",\"object\":\"event\",\"type\":\"checkout.session.completed\",\"livemode\":"
                + live
                + ",\"data\":{\"object\":{\"id\":\"cs_1\",\"customer_email\":\"kim@example.com\",\"metadata\":"
                + "{\"purchase_id\":\"" + purchase + "\"}}}}";
    }

    private static String signed(String body, Instant at) {
        try {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(STRIPE_WEBHOOK_SECRET.getBytes(StandardCharsets.UTF_8), "HmacSHA256"));
            String text = at.getEpochSecond() + "." + body;
            return "t=" + at.getEpochSecond() + ",v1="
                    + HexFormat.of().formatHex(mac.doFinal(text.getBytes(StandardCharsets.UTF_8)));
        } catch (java.security.GeneralSecurityException e) {
            throw new AssertionError(e);
        }
    }

    private ResponseSpec webhook(String body, @Nullable String signature) {
        return web.post()
                .uri("/webhooks/stripe")
                .contentType(MediaType.APPLICATION_JSON)
                .headers(headers -> {
                    if (signature != null) {
                        headers.set("Stripe-Signature", signature);
                    }
                })
                .bodyValue(body)
                .exchange();
    }

    private ResponseSpec buy(Person person, @Nullable String key, Object wish) {
        return web.post()
                .uri("/api/purchases")
                .headers(headers -> {
                    headers.set("Authorization", person.bearer());
                    if (key != null) {
                        headers.set("Idempotency-Key", key);
                    }
                })
                .bodyValue(wish)
                .exchange();
    }

    private void refused(Person person, @Nullable String key, Object wish, HttpStatus status, String code) {
        JsonNode problem = body(buy(person, key, wish).expectStatus().isEqualTo(status));
        assertThat(problem.toString()).contains(code);
    }

    private static JsonNode body(ResponseSpec response) {
        return Objects.requireNonNull(
                response.expectBody(JsonNode.class).returnResult().getResponseBody());
    }
}
