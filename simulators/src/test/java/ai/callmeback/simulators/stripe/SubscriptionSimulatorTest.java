package ai.callmeback.simulators.stripe;

import static org.assertj.core.api.Assertions.assertThat;

import ai.callmeback.simulators.wire.Json;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.web.server.LocalServerPort;
import tools.jackson.databind.JsonNode;

/** Subscriptions by HTTP, as the vendor's documents say. */
@SpringBootTest(
        webEnvironment = SpringBootTest.WebEnvironment.RANDOM_PORT,
        properties = {"simulators.stripe.key=sk_test_only", "simulators.stripe.fee-delay-millis=0"})
class SubscriptionSimulatorTest {
    @LocalServerPort
    int port;

    @Autowired
    Account account;

    @Autowired
    Subscriptions subscriptions;

    @Autowired
    StripeAnswers answers;

    @Autowired
    Shelf shelves;

    private final HttpClient client = HttpClient.newHttpClient();
    private String small = "";
    private String big = "";

    @BeforeEach
    void begin() throws Exception {
        account.reset();
        subscriptions.reset();
        answers.reset();
        shelves.reset();
        small = price("plan_standard", 2999);
        big = price("plan_power", 4999);
    }

    @AfterEach
    void end() {
        client.close();
    }

    @Test
    void aCheckoutBecomesASubscriptionWithAPaidInvoice() throws Exception {
        JsonNode session = post("checkout/sessions", "k", checkout(small), 200);
        assertThat(session.path("amount_total").asInt()).isEqualTo(2999);
        assertThat(session.path("subscription").isNull()).isTrue();
        String page = session.path("url").asString();
        assertThat(send("GET", URI.create(page), null, null).body())
                .contains("plan_standard, every month")
                .doesNotContain("bank debit");
        assertThat(send("POST", URI.create(page + "/declined_card"), null, "").body())
                .contains("declined");
        assertThat(send("POST", URI.create(page + "/card"), null, "").statusCode())
                .isEqualTo(303);

        JsonNode paid = get("checkout/sessions/" + session.path("id").asString());
        assertThat(paid.path("status").asString()).isEqualTo("complete");
        JsonNode subscription = get("subscriptions/" + paid.path("subscription").asString());
        assertThat(subscription.path("status").asString()).isEqualTo("active");
        assertThat(subscription.at("/metadata/subscription_id").asString()).isEqualTo("s1");
        assertThat(end(subscription))
                .isEqualTo(
                        start(subscription).atZone(ZoneOffset.UTC).plusMonths(1).toInstant());
        JsonNode invoice = newest(subscription);
        assertThat(invoice.path("status").asString()).isEqualTo("paid");
        assertThat(invoice.path("billing_reason").asString()).isEqualTo("subscription_create");
        assertThat(invoice.path("amount_paid").asInt()).isEqualTo(2999);
        assertThat(invoice.at("/parent/subscription_details/subscription").asString())
                .isEqualTo(subscription.path("id").asString());
        assertThat(invoice.at("/lines/data/0/pricing/price_details/product").asString())
                .isEqualTo("plan_standard");
        String payment = invoice.at("/payments/data/0/payment/payment_intent").asString();
        JsonNode money = get("payment_intents/" + payment + "?expand%5B%5D=latest_charge.balance_transaction");
        assertThat(money.at("/latest_charge/balance_transaction/fee").asInt()).isEqualTo(117);
        assertThat(get("invoices/" + invoice.path("id").asString()).has("payments"))
                .as("only when asked for")
                .isFalse();
    }

    @Test
    void theClockRenewsTriesAgainAndGivesUp() throws Exception {
        JsonNode begun = subscribe(small);
        String id = begun.path("id").asString();
        clock(32);
        assertThat(newest(begun).path("billing_reason").asString()).isEqualTo("subscription_cycle");
        assertThat(start(get("subscriptions/" + id))).isEqualTo(end(begun));

        card(id, "declined");
        clock(30);
        assertThat(get("subscriptions/" + id).path("status").asString()).isEqualTo("past_due");
        assertThat(newest(begun).path("attempt_count").asInt()).isEqualTo(1);
        clock(3);
        assertThat(newest(begun).path("attempt_count").asInt()).isEqualTo(2);
        card(id, "good");
        clock(5);
        assertThat(newest(begun).path("status").asString()).isEqualTo("paid");
        assertThat(get("subscriptions/" + id).path("status").asString()).isEqualTo("active");

        card(id, "declined");
        clock(45);
        JsonNode over = get("subscriptions/" + id);
        assertThat(over.path("status").asString()).isEqualTo("canceled");
        assertThat(newest(begun).path("attempt_count").asInt()).isEqualTo(4);
        assertThat(newest(begun).path("next_payment_attempt").isNull()).isTrue();
        post("subscriptions/" + id, null, "cancel_at_period_end=true", 400);
    }

    @Test
    void aBiggerPlanIsInvoicedForTheRestOfThePeriod() throws Exception {
        JsonNode begun = subscribe(small);
        String id = begun.path("id").asString();
        clock(10);
        String change = "items[0][id]=" + item(begun) + "&items[0][price]=" + big
                + "&proration_behavior=always_invoice&payment_behavior=error_if_incomplete";
        card(id, "declined");
        assertThat(post("subscriptions/" + id, "c0", change, 402)
                        .at("/error/code")
                        .asString())
                .isEqualTo("card_declined");
        assertThat(product(get("subscriptions/" + id))).as("nothing changed").isEqualTo("plan_standard");
        card(id, "good");

        post("subscriptions/" + id, "c1", change, 200);
        post("subscriptions/" + id, "c1", change, 200);

        JsonNode invoice = newest(begun);
        double rest = (Duration.between(start(begun), end(begun)).toSeconds() - 864_000.0)
                / Duration.between(start(begun), end(begun)).toSeconds();
        assertThat(invoice.path("billing_reason").asString()).isEqualTo("subscription_update");
        assertThat(invoice.path("amount_paid").asDouble())
                .isCloseTo(2000 * rest, org.assertj.core.data.Offset.offset(2.0));
        assertThat(invoice.at("/lines/data/0/amount").asInt()).isNegative();
        assertThat(get("invoices?subscription=" + id).path("data").size())
                .as("once per key")
                .isEqualTo(2);

        post(
                "subscriptions/" + id,
                "c2",
                "items[0][id]=" + item(begun) + "&items[0][price]=" + small + "&proration_behavior=none",
                200);
        clock(31);
        assertThat(newest(begun).path("amount_paid").asInt())
                .as("the smaller one, renewed")
                .isEqualTo(2999);
    }

    @Test
    void itEndsWithItsPeriodUnlessResumed() throws Exception {
        JsonNode begun = subscribe(small);
        String id = begun.path("id").asString();
        post("subscriptions/" + id, "a", "cancel_at_period_end=true", 200);
        JsonNode resumed = post("subscriptions/" + id, "b", "cancel_at_period_end=false", 200);
        assertThat(resumed.path("canceled_at").isNull()).isTrue();
        clock(32);
        assertThat(get("subscriptions/" + id).path("status").asString()).isEqualTo("active");

        post("subscriptions/" + id, "c", "cancel_at_period_end=true", 200);
        clock(32);

        assertThat(get("subscriptions/" + id).path("status").asString()).isEqualTo("canceled");
        assertThat(get("invoices?subscription=" + id).path("data").size()).isEqualTo(2);
    }

    private JsonNode subscribe(String price) throws Exception {
        String session =
                post("checkout/sessions", "k", checkout(price), 200).path("id").asString();
        control("sessions/" + session + "/pay/CARD", "{}");
        return get("subscriptions/"
                + get("checkout/sessions/" + session).path("subscription").asString());
    }

    private static String checkout(String price) {
        return "mode=subscription&client_reference_id=s1&line_items[0][quantity]=1&line_items[0][price]=" + price
                + "&subscription_data[metadata][subscription_id]=s1&success_url=https://shop.example.test/ok";
    }

    private String price(String product, int cents) throws Exception {
        post("products", null, "id=" + product + "&name=" + product, 200);
        return post(
                        "prices",
                        null,
                        "product=" + product + "&currency=usd&unit_amount=" + cents + "&lookup_key=" + product
                                + "&recurring[interval]=month",
                        200)
                .path("id")
                .asString();
    }

    private JsonNode newest(JsonNode subscription) throws Exception {
        return get("invoices?limit=1&expand%5B%5D=data.payments&subscription="
                        + subscription.path("id").asString())
                .at("/data/0");
    }

    private static String item(JsonNode subscription) {
        return subscription.at("/items/data/0/id").asString();
    }

    private static String product(JsonNode subscription) {
        return subscription.at("/items/data/0/price/product").asString();
    }

    private static Instant start(JsonNode subscription) {
        return Instant.ofEpochSecond(
                subscription.at("/items/data/0/current_period_start").asLong());
    }

    private static Instant end(JsonNode subscription) {
        return Instant.ofEpochSecond(
                subscription.at("/items/data/0/current_period_end").asLong());
    }

    private void clock(int days) throws Exception {
        control("clock", "{\"days\":" + days + "}");
    }

    private void card(String subscription, String how) throws Exception {
        control("subscriptions/" + subscription + "/card/" + how, "{}");
    }

    private void control(String path, String body) throws Exception {
        HttpResponse<String> answer = client.send(
                HttpRequest.newBuilder(uri("/control/stripe/" + path))
                        .header("Content-Type", "application/json")
                        .POST(HttpRequest.BodyPublishers.ofString(body))
                        .build(),
                HttpResponse.BodyHandlers.ofString());
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
    }

    private JsonNode get(String path) throws Exception {
        HttpResponse<String> answer = send("GET", uri("/stripe/v1/" + path), null, null);
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        return Json.object(answer.body());
    }

    private JsonNode post(String path, @Nullable String key, String body, int status) throws Exception {
        String encoded = URLEncoder.encode(body, StandardCharsets.UTF_8)
                .replace("%26", "&")
                .replace("%3D", "=");
        HttpResponse<String> answer = send("POST", uri("/stripe/v1/" + path), key, encoded);
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(status);
        return Json.object(answer.body());
    }

    private HttpResponse<String> send(String method, URI uri, @Nullable String key, @Nullable String body)
            throws Exception {
        HttpRequest.Builder request = HttpRequest.newBuilder(uri)
                .header("Authorization", "Bearer sk_test_only")
                .header("Content-Type", "application/x-www-form-urlencoded")
                .method(
                        method,
                        body == null ? HttpRequest.BodyPublishers.noBody() : HttpRequest.BodyPublishers.ofString(body));
        if (key != null) {
            request.header("Idempotency-Key", key);
        }
        return client.send(request.build(), HttpResponse.BodyHandlers.ofString());
    }

    private URI uri(String path) {
        return URI.create("http://127.0.0.1:" + port + path);
    }
}
