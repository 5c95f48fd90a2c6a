package ai.callmeback.dev.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import ai.callmeback.dev.Stack;
import ai.callmeback.dev.client.ApiClient;
import ai.callmeback.dev.client.SimulatorClient;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.parallel.Isolated;
import tools.jackson.databind.JsonNode;

/** Money in real processes: bought, credited once, refunded, disputed, as the simulator's journal has it. */
@ExtendWith(SharedStack.class)
@Isolated
@Timeout(value = 8, unit = TimeUnit.MINUTES)
class BuyingSystemTest {
    private static final Duration SOON = Duration.ofSeconds(60);

    private ApiClient api;
    private SimulatorClient simulators;

    @Test
    void aPurchaseIsCreditedOnceAndTakenBackAsTheVendorSays() throws Exception {
        Stack stack = SharedStack.stack();
        api = ApiClient.demoUser(stack.endpoints().api());
        simulators =
                new SimulatorClient(Objects.requireNonNull(stack.endpoints().simulators()));
        simulators.http().put("/control/stripe", Map.of("feeDelayMillis", 0));
        // Only a call that is under way could change the credit meanwhile.
        await().atMost(SOON).until(() -> credits().path("heldSeconds").asLong() == 0);
        long before = available();

        simulators.fault(
                Map.of("vendor", "stripe", "operation", "webhook", "kind", "DUPLICATE_CALLBACKS", "count", -1));
        String first = buy("pack_25");
        String session = session(first);
        simulators.http().post("/control/stripe/sessions/" + session + "/pay/CARD", Map.of());
        awaitStatus(first, "completed");
        assertThat(available()).isEqualTo(before + 1_500);

        String payment = simulators.journal("stripe").stream()
                .filter(entry -> entry.path("kind").asString().equals("payment.succeeded"))
                .map(entry -> entry.path("call").asString())
                .reduce((earlier, ours) -> ours)
                .orElseThrow();
        simulators.http().post("/control/stripe/payments/" + payment + "/refund", Map.of("amount", 500));
        await().atMost(SOON).untilAsserted(() -> assertThat(available()).isEqualTo(before + 1_000));
        String dispute = simulators
                .http()
                .post("/control/stripe/payments/" + payment + "/dispute", Map.of())
                .path("id")
                .asString();
        assertThat(dispute).startsWith("dp_");

        String second = buy("pack_50");
        simulators.http().post("/control/stripe/sessions/" + session(second) + "/pay/CARD", Map.of());
        awaitStatus(second, "completed");
        long bought = available();
        JsonNode order = refund(second, Map.of("note", "Asked for by the person."));
        await().atMost(SOON).untilAsserted(() -> assertThat(available()).isEqualTo(bought - 3_000));
        JsonNode again = refund(second, Map.of("note", "Asked for by the person."));
        assertThat(again.path("id").asString())
                .as("a repeat")
                .isEqualTo(order.path("id").asString());

        JsonNode audit = api.audit();
        assertThat(audit.path("ok").asBoolean()).as(audit.toString()).isTrue();
    }

    private String buy(String product) throws Exception {
        return api.http()
                .send(
                        "POST",
                        "/api/purchases",
                        Map.of("product", product),
                        Map.of("Idempotency-Key", UUID.randomUUID().toString()))
                .path("id")
                .asString();
    }

    private JsonNode refund(String purchase, Map<String, Object> wish) throws Exception {
        return api.http()
                .send(
                        "POST",
                        "/api/finance/purchases/" + purchase + "/refunds",
                        wish,
                        Map.of("Idempotency-Key", "refund-of-" + purchase));
    }

    private String session(String purchase) {
        await().atMost(SOON)
                .untilAsserted(
                        () -> assertThat(purchase(purchase).path("checkoutUrl").asString(""))
                                .contains("/stripe/checkout/"));
        String url = purchase(purchase).path("checkoutUrl").asString();
        return url.substring(url.lastIndexOf('/') + 1);
    }

    private void awaitStatus(String purchase, String status) {
        await().atMost(SOON)
                .untilAsserted(() ->
                        assertThat(purchase(purchase).path("status").asString()).isEqualTo(status));
    }

    private JsonNode purchase(String id) {
        try {
            return api.http().get("/api/purchases/" + id);
        } catch (java.io.IOException e) {
            throw new AssertionError(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError(e);
        }
    }

    private long available() throws Exception {
        return credits().path("availableSeconds").asLong();
    }

    private JsonNode credits() throws Exception {
        return api.http().get("/api/credits");
    }
}
