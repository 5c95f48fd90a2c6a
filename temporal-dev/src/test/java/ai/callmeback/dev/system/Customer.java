package ai.callmeback.dev.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import ai.callmeback.dev.Stack;
import ai.callmeback.dev.chaos.ObservedCall;
import ai.callmeback.dev.client.ApiClient;
import ai.callmeback.dev.client.SimulatorClient;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import tools.jackson.databind.JsonNode;

/** Somebody who buys, with a hand at the simulated payment vendor. */
final class Customer {
    static final Duration SOON = Duration.ofSeconds(60);

    final ApiClient api;
    final SimulatorClient simulators;

    private Customer(ApiClient api, SimulatorClient simulators) throws Exception {
        this.api = api;
        this.simulators = simulators;
        simulators.http().put("/control/stripe", Map.of("feeDelayMillis", 0));
    }

    /** Somebody without calls, credits or a plan, whatever other tests have left the demo user with. */
    static Customer newcomer(Stack stack) throws Exception {
        return new Customer(
                ApiClient.newcomer(stack.endpoints().api(), "customer-" + UUID.randomUUID() + "@example.com"),
                ObservedCall.simulators(stack));
    }

    static Customer demoUser(Stack stack) throws Exception {
        return new Customer(ApiClient.demoUser(stack.endpoints().api()), ObservedCall.simulators(stack));
    }

    /** Each event of the payment vendor comes twice; for tests that have the environment for themselves. */
    void doubleEvents() throws Exception {
        simulators.fault(
                Map.of("vendor", "stripe", "operation", "webhook", "kind", "DUPLICATE_CALLBACKS", "count", -1));
    }

    /** Under a key of its own. */
    JsonNode post(String path, Map<String, Object> wish) throws Exception {
        return post(path, wish, UUID.randomUUID().toString());
    }

    JsonNode post(String path, Map<String, Object> wish, String key) throws Exception {
        return api.http().send("POST", path, wish, Map.of("Idempotency-Key", key));
    }

    /** Answers the purchase's id. */
    String buy(String product) throws Exception {
        return post("/api/purchases", Map.of("product", product)).path("id").asString();
    }

    JsonNode get(String path) {
        try {
            return api.http().get(path);
        } catch (IOException e) {
            throw new AssertionError(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError(e);
        }
    }

    /** The session of the vendor's page that a resource leads to, once there is one. */
    String session(String path, String field) {
        await().atMost(SOON)
                .untilAsserted(
                        () -> assertThat(get(path).path(field).asString("")).contains("/stripe/checkout/"));
        String url = get(path).path(field).asString();
        return url.substring(url.lastIndexOf('/') + 1);
    }

    String session(String purchase) {
        return session("/api/purchases/" + purchase, "checkoutUrl");
    }

    void pay(String session, String way) throws Exception {
        simulators.http().post("/control/stripe/sessions/" + session + "/pay/" + way, Map.of());
    }

    void awaitStatus(String path, String status) {
        await().atMost(SOON)
                .untilAsserted(
                        () -> assertThat(get(path).path("status").asString()).isEqualTo(status));
    }

    long available() {
        return get("/api/credits").path("availableSeconds").asLong();
    }

    /** Of one kind in the payment vendor's journal, oldest first. */
    List<JsonNode> journal(String kind) throws Exception {
        return simulators.journal("stripe").stream()
                .filter(entry -> entry.path("kind").asString().equals(kind))
                .toList();
    }
}
