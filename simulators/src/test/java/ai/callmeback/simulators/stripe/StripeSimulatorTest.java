package ai.callmeback.simulators.stripe;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import ai.callmeback.simulators.core.Fault;
import ai.callmeback.simulators.core.FaultKind;
import ai.callmeback.simulators.core.Faults;
import ai.callmeback.simulators.core.Journal;
import ai.callmeback.simulators.core.JournalQuery;
import ai.callmeback.simulators.wire.Json;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;
import reactor.core.publisher.Mono;
import reactor.netty.DisposableServer;
import reactor.netty.http.server.HttpServer;
import tools.jackson.databind.JsonNode;

@SpringBootTest(
        webEnvironment = SpringBootTest.WebEnvironment.RANDOM_PORT,
        properties = {"simulators.stripe.key=sk_test_only", "simulators.stripe.fee-delay-millis=600000"})
class StripeSimulatorTest {
    static {
        // A loaded machine is slow, not wrong.
        Awaitility.setDefaultTimeout(Duration.ofSeconds(30));
    }

    private record Received(String signature, String body) {}

    private static final List<Received> RECEIVED = new CopyOnWriteArrayList<>();
    private static final DisposableServer PRODUCT = HttpServer.create()
            .host("127.0.0.1")
            .port(0)
            .route(routes -> routes.post(
                    "/hook",
                    (request, response) -> request.receive()
                            .aggregate()
                            .asString()
                            .doOnNext(body -> RECEIVED.add(
                                    new Received(request.requestHeaders().get("Stripe-Signature"), body)))
                            .then(response.status(204).send())
                            .then(Mono.empty())))
            .bindNow();

    @LocalServerPort
    int port;

    @Autowired
    Faults faults;

    @Autowired
    Journal journal;

    @Autowired
    Account account;

    @Autowired
    StripeAnswers answers;

    @Autowired
    Shelf shelves;

    private final HttpClient client = HttpClient.newHttpClient();

    /** The same for every request of a test: it is part of what a key stands for. */
    private final long expiry = Instant.now().plus(Duration.ofHours(2)).getEpochSecond();

    @DynamicPropertySource
    static void hook(DynamicPropertyRegistry registry) {
        registry.add("simulators.stripe.webhook-url", () -> "http://127.0.0.1:" + PRODUCT.port() + "/hook");
    }

    @AfterAll
    static void stop() {
        PRODUCT.disposeNow();
    }

    @BeforeEach
    void begin() {
        account.reset();
        answers.reset();
        shelves.reset();
        RECEIVED.clear();
        journal.clear();
    }

    private long count(String kind) {
        return journal.read(JournalQuery.ofVendor("stripe")).stream()
                .filter(entry -> entry.kind().equals(kind))
                .count();
    }

    /** An event of one test is none of the next. */
    @AfterEach
    void end() {
        await().until(() -> count("event.delivered") + count("event.lost") >= count("event.created"));
        faults.clearAll();
        client.close();
    }

    @Test
    void aSessionIsOpenedOncePerKey() throws Exception {
        JsonNode first = json(create("k1", 1499));
        assertThat(first.path("status").asString()).isEqualTo("open");
        assertThat(first.path("payment_intent").isNull()).isTrue();
        HttpResponse<String> again = create("k1", 1499);
        assertThat(json(again).path("id")).isEqualTo(first.path("id"));
        assertThat(again.headers().firstValue("Idempotent-Replayed")).contains("true");
        HttpResponse<String> other = create("k1", 1500);
        assertThat(other.statusCode()).isEqualTo(400);
        assertThat(json(other).at("/error/type").asString()).isEqualTo("idempotency_error");
        assertThat(create("k2", 10).statusCode()).isEqualTo(400);
        assertThat(send("GET", "/stripe/v1/checkout/sessions/cs_none", null, "", "sk_test_only")
                        .statusCode())
                .isEqualTo(404);
        assertThat(send("GET", "/stripe/v1/balance", null, "", "sk_other").statusCode())
                .isEqualTo(401);
    }

    @Test
    void thePageTakesPaymentsAndTellsTheProduct() throws Exception {
        String id = json(create("k1", 1499)).path("id").asString();
        assertThat(page("GET", "/stripe/checkout/" + id).body()).contains("25 minutes", "14.99 USD");
        assertThat(page("POST", "/stripe/checkout/" + id + "/declined_card").body())
                .contains("declined");

        HttpResponse<String> paid = page("POST", "/stripe/checkout/" + id + "/card");

        assertThat(paid.statusCode()).isEqualTo(303);
        assertThat(paid.headers().firstValue("Location")).contains("https://shop.example.test/ok?s=" + id);
        JsonNode session = session(id);
        assertThat(session.path("payment_status").asString()).isEqualTo("paid");
        JsonNode charge = session.at("/payment_intent/latest_charge");
        assertThat(charge.path("balance_transaction").isNull())
                .as("the fee comes late")
                .isTrue();
        await().untilAsserted(() -> assertThat(types())
                .containsExactlyInAnyOrder(
                        "payment_intent.payment_failed", "payment_intent.succeeded", "checkout.session.completed"));
        assertThat(RECEIVED.getFirst().signature()).matches("t=\\d+,v1=[0-9a-f]{64}");
        assertThat(page("POST", "/stripe/checkout/" + id + "/card").body()).contains("complete");
    }

    /** Wire facts: a price keeps its amount; a lookup key names one price, and moves only when told to. */
    @Test
    void aLookupKeyNamesOnePriceAtATime() throws Exception {
        String product = "id=p1&name=25+minutes&metadata[code]=pack_25";
        assertThat(shelf("POST", "/products", product).statusCode()).isEqualTo(200);
        assertThat(shelf("POST", "/products", product).statusCode())
                .as("it exists")
                .isEqualTo(400);
        String price = "product=p1&currency=usd&lookup_key=pack_25&unit_amount=";
        String first = json(shelf("POST", "/prices", price + 1499)).path("id").asString();
        assertThat(shelf("POST", "/prices", price + 1599).statusCode())
                .as("the key is taken")
                .isEqualTo(400);
        String second = json(shelf("POST", "/prices", price + "1599&transfer_lookup_key=true"))
                .path("id")
                .asString();

        JsonNode named = json(shelf("GET", "/prices?lookup_keys[0]=pack_25&active=true", ""));
        assertThat(named.path("data")).hasSize(1);
        assertThat(named.at("/data/0/id").asString()).isEqualTo(second);
        assertThat(shelf("POST", "/prices/" + first, "unit_amount=1").statusCode())
                .isEqualTo(400);
        assertThat(json(shelf("POST", "/prices/" + first, "active=false"))
                        .path("active")
                        .asBoolean())
                .isFalse();
        assertThat(json(shelf("GET", "/prices?product=p1&active=true", "")).path("data"))
                .hasSize(1);
        assertThat(json(shelf("GET", "/products?limit=1", "")).path("has_more").asBoolean())
                .isFalse();
        assertThat(shelf("GET", "/products/none", "").statusCode()).isEqualTo(404);
    }

    private HttpResponse<String> shelf(String method, String path, String body) throws Exception {
        String encoded = path.replace("[", "%5B").replace("]", "%5D");
        return send(method, "/stripe/v1" + encoded, null, body, "sk_test_only");
    }

    @Test
    void bankDebitsRefundsAndDisputesMoveLater() throws Exception {
        account.feeDelay(0);
        String id = json(create("k1", 2000)).path("id").asString();
        control("/sessions/" + id + "/pay/BANK_DEBIT", "{}");
        assertThat(session(id).path("payment_status").asString()).isEqualTo("unpaid");
        control("/sessions/" + id + "/bank-debit/arrives", "{}");
        JsonNode session = session(id);
        assertThat(session.at("/payment_intent/latest_charge/balance_transaction/fee")
                        .asInt())
                .isEqualTo(88);
        String payment = session.at("/payment_intent/id").asString();

        assertThat(control("/payments/" + payment + "/refund", "{\"amount\":2001}")
                        .statusCode())
                .isEqualTo(400);
        assertThat(control("/payments/" + payment + "/refund", "{\"amount\":500}")
                        .statusCode())
                .isEqualTo(200);
        String refund = json(control("/payments/" + payment + "/refund", "{}"))
                .path("id")
                .asString();
        assertThat(control("/payments/" + payment + "/refund", "{}").statusCode())
                .isEqualTo(400);
        control("/refunds/" + refund + "/fail", "{}");
        String dispute = json(control("/payments/" + payment + "/dispute", "{}"))
                .path("id")
                .asString();
        control("/disputes/" + dispute + "/won", "{}");

        await().untilAsserted(() -> assertThat(types())
                .contains(
                        "checkout.session.async_payment_succeeded",
                        "refund.created",
                        "refund.failed",
                        "charge.dispute.created",
                        "charge.dispute.closed"));
    }

    @Test
    void aRefundOfTheProductIsKnownByItsKeyAndItsMetadata() throws Exception {
        String id = json(create("k1", 2000)).path("id").asString();
        control("/sessions/" + id + "/pay/CARD", "{}");
        String payment = session(id).at("/payment_intent/id").asString();
        String body = "payment_intent=" + payment + "&amount=500&metadata[refund_order]=o1";

        JsonNode first = json(send("POST", "/stripe/v1/refunds", "k2", body, "sk_test_only"));
        JsonNode again = json(send("POST", "/stripe/v1/refunds", "k2", body, "sk_test_only"));

        assertThat(again).isEqualTo(first);
        JsonNode all = json(send("GET", "/stripe/v1/refunds?payment_intent=" + payment, null, "", "sk_test_only"));
        assertThat(all.path("data")).hasSize(1);
        assertThat(all.at("/data/0/metadata/refund_order").asString()).isEqualTo("o1");
        assertThat(all.at("/data/0/id")).isEqualTo(first.path("id"));
    }

    @Test
    void theBalanceListsWhatMovedItInPages() throws Exception {
        String id = json(create("k1", 2000)).path("id").asString();
        control("/sessions/" + id + "/pay/CARD", "{}");
        String payment = session(id).at("/payment_intent/id").asString();
        control("/payments/" + payment + "/refund", "{\"amount\":500}");
        String dispute = json(control("/payments/" + payment + "/dispute", "{}"))
                .path("id")
                .asString();

        JsonNode first = balance("limit=2&created%5Bgte%5D=0&expand%5B0%5D=data.source");
        JsonNode rest = balance("limit=2&expand%5B%5D=data.source&starting_after="
                + first.at("/data/1/id").asString());

        assertThat(first.path("has_more").asBoolean()).isTrue();
        assertThat(first.at("/data/0/source/id").asString()).isEqualTo(dispute);
        assertThat(first.at("/data/0/fee").asInt()).isEqualTo(1_500);
        assertThat(first.at("/data/1/amount").asInt()).isEqualTo(-500);
        assertThat(rest.path("data")).hasSize(1);
        assertThat(rest.at("/data/0/source/payment_intent").asString()).isEqualTo(payment);
        assertThat(rest.path("has_more").asBoolean()).isFalse();
        assertThat(balance("created%5Blt%5D=1").path("data")).isEmpty();
    }

    private JsonNode balance(String query) throws Exception {
        return json(send("GET", "/stripe/v1/balance_transactions?" + query, null, "", "sk_test_only"));
    }

    @Test
    void eventsComeTwiceOutOfOrderOrNotAtAll() throws Exception {
        faults.set(Fault.of("stripe", "webhook", FaultKind.REORDER_CALLBACKS, 1));
        String first = json(create("k1", 1499)).path("id").asString();
        control("/sessions/" + first + "/pay/CARD", "{}");
        await().untilAsserted(() -> assertThat(RECEIVED).hasSize(2));

        RECEIVED.clear();
        faults.set(Fault.of("stripe", "webhook", FaultKind.DROP_CALLBACKS, 1));
        faults.set(Fault.of("stripe", "webhook", FaultKind.DUPLICATE_CALLBACKS, 1));
        String second = json(create("k2", 1499)).path("id").asString();
        control("/sessions/" + second + "/pay/CARD", "{}");

        await().during(Duration.ofMillis(300))
                .untilAsserted(() -> assertThat(types())
                        .containsExactly("checkout.session.completed", "checkout.session.completed"));
    }

    private List<String> types() {
        return RECEIVED.stream()
                .map(received -> Json.object(received.body()).path("type").asString())
                .toList();
    }

    private JsonNode session(String id) throws Exception {
        String path =
                "/stripe/v1/checkout/sessions/" + id + "?expand%5B%5D=payment_intent.latest_charge.balance_transaction";
        return json(send("GET", path, null, "", "sk_test_only"));
    }

    private HttpResponse<String> create(String key, int cents) throws Exception {
        String body = "mode=payment&client_reference_id=p1&metadata[purchase_id]=p1"
                + "&payment_intent_data[metadata][purchase_id]=p1&line_items[0][quantity]=1"
                + "&line_items[0][price_data][currency]=usd&line_items[0][price_data][unit_amount]=" + cents
                + "&line_items[0][price_data][product_data][name]=25+minutes&expires_at="
                + expiry + "&success_url=https://shop.example.test/ok?s%3D{CHECKOUT_SESSION_ID}";
        return send("POST", "/stripe/v1/checkout/sessions", key, body, "sk_test_only");
    }

    private HttpResponse<String> control(String path, String body) throws Exception {
        return client.send(
                HttpRequest.newBuilder(uri("/control/stripe" + path))
                        .header("Content-Type", "application/json")
                        .POST(HttpRequest.BodyPublishers.ofString(body))
                        .build(),
                HttpResponse.BodyHandlers.ofString());
    }

    private HttpResponse<String> page(String method, String path) throws Exception {
        return client.send(
                HttpRequest.newBuilder(uri(path))
                        .method(method, HttpRequest.BodyPublishers.noBody())
                        .build(),
                HttpResponse.BodyHandlers.ofString());
    }

    private HttpResponse<String> send(String method, String path, String key, String body, String secret)
            throws Exception {
        HttpRequest.Builder request = HttpRequest.newBuilder(uri(path))
                .header("Authorization", "Bearer " + secret)
                .header("Content-Type", "application/x-www-form-urlencoded")
                .method(method, HttpRequest.BodyPublishers.ofString(body));
        if (key != null) {
            request.header("Idempotency-Key", key);
        }
        return client.send(request.build(), HttpResponse.BodyHandlers.ofString());
    }

    private URI uri(String path) {
        return URI.create("http://127.0.0.1:" + port + path);
    }

    private static JsonNode json(HttpResponse<String> response) {
        return Json.object(response.body());
    }
}
