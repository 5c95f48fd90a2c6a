package ai.callmeback.simulators.stripe;

import static org.assertj.core.api.Assertions.assertThat;

import ai.callmeback.simulators.core.Journal;
import ai.callmeback.simulators.core.JournalQuery;
import ai.callmeback.simulators.wire.Json;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.web.server.LocalServerPort;
import tools.jackson.databind.JsonNode;

/** Saved cards by HTTP, as the vendor's documents say. */
@SpringBootTest(
        webEnvironment = SpringBootTest.WebEnvironment.RANDOM_PORT,
        properties = {"simulators.stripe.key=sk_test_only", "simulators.stripe.fee-delay-millis=0"})
class SavedCardSimulatorTest {
    private static final String SETUP = "mode=setup&success_url=http://a.test/&cancel_url=http://a.test/"
            + "&customer_creation=always&metadata[card_setup_id]=s1";

    @LocalServerPort
    int port;

    @Autowired
    Account account;

    @Autowired
    StripeAnswers answers;

    @Autowired
    Journal journal;

    private final HttpClient client = HttpClient.newHttpClient();

    @BeforeEach
    void begin() {
        account.reset();
        answers.reset();
    }

    @AfterEach
    void end() {
        client.close();
    }

    @Test
    void aCardIsSavedOnThePageAndNothingIsCharged() throws Exception {
        JsonNode session = post("checkout/sessions", "k", SETUP, 200);
        assertThat(session.path("payment_status").asString()).isEqualTo("no_payment_required");
        String page = session.path("url").asString();
        assertThat(send("GET", URI.create(page), null, null).body())
                .contains("Nothing is charged now.", "bank will ask")
                .doesNotContain("bank debit");
        assertThat(send("POST", URI.create(page + "/declined_card"), null, "").body())
                .contains("declined");
        assertThat(send("POST", URI.create(page + "/card"), null, "").statusCode())
                .isEqualTo(303);

        JsonNode saved =
                get("checkout/sessions/" + session.path("id").asString() + "?expand%5B%5D=setup_intent.payment_method");
        assertThat(saved.at("/setup_intent/status").asString()).isEqualTo("succeeded");
        assertThat(saved.at("/setup_intent/usage").asString()).isEqualTo("off_session");
        assertThat(saved.at("/setup_intent/payment_method/card/last4").asString())
                .isEqualTo("4242");
        assertThat(saved.path("customer").asString()).startsWith("cus_");
        assertThat(saved.toString()).as("what it will do is nobody's business").doesNotContain("_away");
    }

    @Test
    void aPaymentIsPreparedAndConfirmedOnceUnderAnyKey() throws Exception {
        JsonNode card = saved("CARD");
        JsonNode prepared = post("payment_intents", "p", payment(card), 200);
        assertThat(prepared.path("status").asString()).isEqualTo("requires_confirmation");
        assertThat(post("payment_intents", "p", payment(card), 200).path("id")).isEqualTo(prepared.path("id"));
        String path = "payment_intents/" + prepared.path("id").asString();

        assertThat(post(path + "/confirm", "c", "off_session=true", 200)
                        .path("status")
                        .asString())
                .isEqualTo("succeeded");
        assertThat(post(path + "/confirm", "c", "off_session=true", 200)
                        .path("status")
                        .asString())
                .as("a repeat")
                .isEqualTo("succeeded");
        assertThat(code(post(path + "/confirm", "another", "off_session=true", 400)))
                .isEqualTo("payment_intent_unexpected_state");
        assertThat(code(post(path + "/cancel", "x", "", 400))).isEqualTo("payment_intent_unexpected_state");

        JsonNode paid = get(path + "?expand%5B%5D=latest_charge.balance_transaction");
        assertThat(paid.at("/latest_charge/balance_transaction/fee").asInt()).isEqualTo(73);
        assertThat(journal.read(JournalQuery.ofCall(prepared.path("id").asString())).stream()
                        .filter(entry -> entry.kind().equals("payment.succeeded")))
                .hasSize(1);
    }

    @Test
    void aRefusalIsToldWith402AndIsTheAnswerToARepeat() throws Exception {
        JsonNode asked = saved("ASKED_LATER");
        String path = "payment_intents/"
                + post("payment_intents", "p", payment(asked), 200).path("id").asString();

        JsonNode refused = post(path + "/confirm", "c", "off_session=true", 402);

        assertThat(code(refused)).isEqualTo("authentication_required");
        assertThat(refused.at("/error/type").asString()).isEqualTo("card_error");
        assertThat(refused.at("/error/payment_intent/status").asString()).isEqualTo("requires_payment_method");
        assertThat(code(post(path + "/confirm", "c", "off_session=true", 402))).isEqualTo("authentication_required");
        assertThat(get(path).at("/last_payment_error/code").asString()).isEqualTo("authentication_required");
        assertThat(post(path + "/cancel", "x", "", 200).path("status").asString())
                .isEqualTo("canceled");

        control("payment-methods/" + asked.path("payment_method").asString() + "/DECLINED");
        String next = "payment_intents/"
                + post("payment_intents", "p2", payment(asked), 200).path("id").asString();
        assertThat(code(post(next + "/confirm", "c2", "off_session=true", 402))).isEqualTo("card_declined");
    }

    @Test
    void aDetachedCardChargesNothingAnyMore() throws Exception {
        JsonNode card = saved("CARD");
        String method = "payment_methods/" + card.path("payment_method").asString();
        String prepared =
                post("payment_intents", "p", payment(card), 200).path("id").asString();
        assertThat(get(method).path("customer").asString())
                .isEqualTo(card.path("customer").asString());

        assertThat(post(method + "/detach", null, "", 200).path("customer").isNull())
                .isTrue();

        assertThat(code(post(method + "/detach", null, "", 400))).isEqualTo("parameter_invalid");
        assertThat(code(post("payment_intents", null, payment(card), 400))).isEqualTo("parameter_invalid");
        assertThat(code(post("payment_intents/" + prepared + "/confirm", null, "off_session=true", 400)))
                .isEqualTo("parameter_invalid");
    }

    @Test
    void whatCannotBeChargedIsRefused() throws Exception {
        JsonNode card = saved("CARD");
        assertThat(code(post("payment_intents", null, payment(card).replace("=1499", "=49"), 400)))
                .isEqualTo("amount_too_small");
        assertThat(code(post("payment_intents", null, payment(card).replace("pm_", "pm_x"), 404)))
                .isEqualTo("resource_missing");
        assertThat(code(post("payment_intents", null, payment(card).replace("&customer=", "&other="), 400)))
                .isEqualTo("parameter_invalid");
        assertThat(code(post("checkout/sessions", null, SETUP + "&customer=cus_none", 404)))
                .isEqualTo("resource_missing");
    }

    private static String payment(JsonNode card) {
        return "amount=1499&currency=usd&metadata[purchase_id]=p1&customer="
                + card.path("customer").asString() + "&payment_method="
                + card.path("payment_method").asString();
    }

    /** The setup intent of a card that was saved so. */
    private JsonNode saved(String way) throws Exception {
        String session = post("checkout/sessions", null, SETUP, 200).path("id").asString();
        control("sessions/" + session + "/pay/" + way);
        return get("checkout/sessions/" + session + "?expand%5B%5D=setup_intent")
                .path("setup_intent");
    }

    private static String code(JsonNode answer) {
        return answer.at("/error/code").asString();
    }

    private void control(String path) throws Exception {
        HttpResponse<String> answer = client.send(
                HttpRequest.newBuilder(uri("/control/stripe/" + path))
                        .POST(HttpRequest.BodyPublishers.noBody())
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
        HttpResponse<String> answer = send("POST", uri("/stripe/v1/" + path), key, body);
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
