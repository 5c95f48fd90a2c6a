package ai.callmeback.dev.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import ai.callmeback.dev.Stack;
import ai.callmeback.dev.client.ApiClient;
import ai.callmeback.dev.client.JsonHttp;
import ai.callmeback.dev.client.SimulatorClient;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.parallel.Isolated;
import tools.jackson.databind.JsonNode;

/** An auto top-up in real processes: a card that is refused, an answer that is lost, a month that is full. */
@ExtendWith(SharedStack.class)
@Isolated
@Timeout(value = 8, unit = TimeUnit.MINUTES)
class ToppingUpSystemTest {
    private static final Duration SOON = Duration.ofSeconds(60);

    private ApiClient api;
    private SimulatorClient simulators;

    @Test
    void aPackIsBoughtOnceByTheSavedCardAndNotBeyondTheCap() throws Exception {
        Stack stack = SharedStack.stack();
        api = newcomer(stack.endpoints().api());
        simulators =
                new SimulatorClient(Objects.requireNonNull(stack.endpoints().simulators()));
        simulators.http().put("/control/stripe", Map.of("feeDelayMillis", 0));
        simulators.fault(
                Map.of("vendor", "stripe", "operation", "webhook", "kind", "DUPLICATE_CALLBACKS", "count", -1));

        switchOn();
        await().atMost(SOON)
                .untilAsserted(() ->
                        assertThat(topUp().path("cardSetupUrl").asString("")).contains("/stripe/checkout/"));
        String url = topUp().path("cardSetupUrl").asString();
        String session = url.substring(url.lastIndexOf('/') + 1);
        simulators.http().post("/control/stripe/sessions/" + session + "/pay/DECLINED_LATER", Map.of());
        // A newcomer has no minutes, so the first look comes with the card.
        awaitStatus("needs_attention");
        assertThat(topUp().path("reason").asString()).isEqualTo("card_declined");
        assertThat(available()).isZero();

        String card = simulators.journal("stripe").stream()
                .filter(entry -> entry.path("kind").asString().equals("card.saved"))
                .filter(entry -> entry.path("call").asString().equals(session))
                .map(entry -> entry.at("/detail/payment_method").asString())
                .findFirst()
                .orElseThrow();
        simulators.http().post("/control/stripe/payment-methods/" + card + "/GOOD", Map.of());
        // The money is taken, and its answer lost, also that to the client's own repeats.
        simulators.fault(Map.of("vendor", "stripe", "operation", "confirm", "kind", "DROP_REPLY", "count", 2));
        switchOn();

        await().atMost(SOON).untilAsserted(() -> assertThat(available()).isEqualTo(1_500));
        await().atMost(SOON)
                .untilAsserted(
                        () -> assertThat(topUp().at("/last/status").asString()).isEqualTo("completed"));
        assertThat(topUp().path("status").asString()).isEqualTo("on");
        assertThat(topUp().at("/month/countedUsd").decimalValue()).isEqualByComparingTo("14.99");
        assertThat(chargedTo(card)).hasSize(1);

        // The threshold is what is there: any hold crosses it, and the cap has no room for another pack.
        String call = api.placeCall(
                        Map.of("phoneNumber", "+14155550177", "personaId", "brad_001", "durationMinutes", 10),
                        UUID.randomUUID().toString())
                .path("id")
                .asString();
        await().atMost(SOON)
                .untilAsserted(
                        () -> assertThat(topUp().at("/month/capReachedAt").asString(""))
                                .isNotEmpty());
        assertThat(chargedTo(card)).hasSize(1);
        assertThat(api.http().delete("/api/auto-topup").path("status").asString())
                .isEqualTo("off");
        // Once somebody talks.
        await().atMost(SOON)
                .ignoreExceptions()
                .until(() -> !api.http()
                        .post("/api/calls/" + call + "/hang-up", Map.of())
                        .isMissingNode());
        assertThat(ApiClient.demoUser(stack.endpoints().api())
                        .audit()
                        .path("ok")
                        .asBoolean())
                .isTrue();
    }

    private static ApiClient newcomer(URI api) throws Exception {
        String email = "top-up-" + UUID.randomUUID() + "@example.com";
        String password = "minutes by themselves";
        new JsonHttp(api)
                .post("/api/auth/register", Map.of("email", email, "password", password, "displayName", "Kim"));
        return ApiClient.signIn(api, email, password);
    }

    private void switchOn() throws Exception {
        api.http()
                .put(
                        "/api/auto-topup",
                        Map.of("product", "pack_25", "thresholdMinutes", 25, "monthlyCapUsd", 20, "consent", true));
    }

    private List<JsonNode> chargedTo(String card) throws Exception {
        return simulators.journal("stripe").stream()
                .filter(entry -> entry.path("kind").asString().equals("payment.succeeded"))
                .filter(entry -> entry.at("/detail/payment_method").asString("").equals(card))
                .toList();
    }

    private void awaitStatus(String status) {
        await().atMost(SOON)
                .untilAsserted(
                        () -> assertThat(topUp().path("status").asString()).isEqualTo(status));
    }

    private JsonNode topUp() throws Exception {
        return api.http().get("/api/auto-topup");
    }

    private long available() throws Exception {
        return api.http().get("/api/credits").path("availableSeconds").asLong();
    }
}
