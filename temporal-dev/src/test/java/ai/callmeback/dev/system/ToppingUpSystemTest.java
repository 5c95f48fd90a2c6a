package ai.callmeback.dev.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import ai.callmeback.dev.Stack;
import ai.callmeback.dev.client.ApiClient;
import java.util.List;
import java.util.Map;
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
    private static final String PATH = "/api/auto-topup";

    private Customer customer;

    @Test
    void aPackIsBoughtOnceByTheSavedCardAndNotBeyondTheCap() throws Exception {
        Stack stack = SharedStack.stack();
        customer = Customer.newcomer(stack);
        customer.doubleEvents();

        switchOn();
        String session = customer.session(PATH, "cardSetupUrl");
        customer.pay(session, "DECLINED_LATER");
        // A newcomer has no minutes, so the first look comes with the card.
        customer.awaitStatus(PATH, "needs_attention");
        assertThat(topUp().path("reason").asString()).isEqualTo("card_declined");
        assertThat(customer.available()).isZero();

        String card = customer.journal("card.saved").stream()
                .filter(entry -> entry.path("call").asString().equals(session))
                .map(entry -> entry.at("/detail/payment_method").asString())
                .findFirst()
                .orElseThrow();
        customer.simulators.http().post("/control/stripe/payment-methods/" + card + "/GOOD", Map.of());
        // The money is taken, and its answer lost, also that to the client's own repeats.
        customer.simulators.fault(Map.of("vendor", "stripe", "operation", "confirm", "kind", "DROP_REPLY", "count", 2));
        switchOn();

        await().atMost(Customer.SOON)
                .untilAsserted(() -> assertThat(customer.available()).isEqualTo(1_500));
        await().atMost(Customer.SOON)
                .untilAsserted(
                        () -> assertThat(topUp().at("/last/status").asString()).isEqualTo("completed"));
        assertThat(topUp().path("status").asString()).isEqualTo("on");
        assertThat(topUp().at("/month/countedUsd").decimalValue()).isEqualByComparingTo("14.99");
        assertThat(chargedTo(card)).hasSize(1);

        // The threshold is what is there: any hold crosses it, and the cap has no room for another pack.
        String call = customer.api
                .placeCall(
                        Map.of("phoneNumber", "+14155550177", "personaId", "brad_001", "durationMinutes", 10),
                        UUID.randomUUID().toString())
                .path("id")
                .asString();
        await().atMost(Customer.SOON)
                .untilAsserted(
                        () -> assertThat(topUp().at("/month/capReachedAt").asString(""))
                                .isNotEmpty());
        assertThat(chargedTo(card)).hasSize(1);
        assertThat(customer.api.http().delete(PATH).path("status").asString()).isEqualTo("off");
        await().atMost(Customer.SOON)
                .untilAsserted(() -> assertThat(customer.simulators.journal("stripe", "card.detached", card))
                        .as("the card is not kept")
                        .hasSize(1));
        assertThat(topUp().has("card")).isFalse();
        // Once somebody talks.
        await().atMost(Customer.SOON)
                .ignoreExceptions()
                .until(() -> !customer.api
                        .http()
                        .post("/api/calls/" + call + "/hang-up", Map.of())
                        .isMissingNode());
        assertThat(ApiClient.demoUser(stack.endpoints().api())
                        .audit()
                        .path("ok")
                        .asBoolean())
                .isTrue();
    }

    private void switchOn() throws Exception {
        customer.api
                .http()
                .put(PATH, Map.of("product", "pack_25", "thresholdMinutes", 25, "monthlyCapUsd", 20, "consent", true));
    }

    private List<JsonNode> chargedTo(String card) throws Exception {
        return customer.journal("payment.succeeded").stream()
                .filter(entry -> entry.at("/detail/payment_method").asString("").equals(card))
                .toList();
    }

    private JsonNode topUp() {
        return customer.get(PATH);
    }
}
