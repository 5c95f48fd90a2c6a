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

/** A plan in real processes: paid, changed, renewed, not paid, cancelled, with events that come twice. */
@ExtendWith(SharedStack.class)
@Isolated
@Timeout(value = 8, unit = TimeUnit.MINUTES)
class SubscribingSystemTest {
    private static final Duration SOON = Duration.ofSeconds(60);

    private ApiClient api;
    private SimulatorClient simulators;

    @Test
    void aPlanIsPaidChangedRenewedAndEnded() throws Exception {
        Stack stack = SharedStack.stack();
        api = newcomer(stack.endpoints().api());
        simulators =
                new SimulatorClient(Objects.requireNonNull(stack.endpoints().simulators()));
        simulators.http().put("/control/stripe", Map.of("feeDelayMillis", 0));
        simulators.fault(
                Map.of("vendor", "stripe", "operation", "webhook", "kind", "DUPLICATE_CALLBACKS", "count", -1));
        long before = available();

        String id = wish("", Map.of("plan", "plan_standard")).path("id").asString();
        await().atMost(SOON)
                .untilAsserted(
                        () -> assertThat(subscription(id).path("checkoutUrl").asString(""))
                                .contains("/stripe/checkout/"));
        String url = subscription(id).path("checkoutUrl").asString();
        simulators
                .http()
                .post("/control/stripe/sessions/" + url.substring(url.lastIndexOf('/') + 1) + "/pay/CARD", Map.of());
        awaitStatus(id, "active");
        assertThat(available()).isEqualTo(before + 3_600);
        assertThat(subscription(id).at("/period/callsLimit").asInt()).isEqualTo(10);

        wish("/" + id + "/plan", Map.of("plan", "plan_power"));
        await().atMost(SOON)
                .untilAsserted(
                        () -> assertThat(subscription(id).path("paid").size()).isEqualTo(2));
        assertThat(subscription(id).path("plan").asString()).isEqualTo("plan_power");
        assertThat(available() - before).as("a few seconds into the period").isBetween(8_900L, 9_000L);

        clock(32);
        await().atMost(SOON)
                .untilAsserted(
                        () -> assertThat(subscription(id).path("paid").size()).isEqualTo(3));
        card("declined");
        clock(30);
        awaitStatus(id, "past_due");
        card("good");
        clock(3);
        awaitStatus(id, "active");
        assertThat(subscription(id).path("paid").size()).isEqualTo(4);

        wish("/" + id + "/cancel", Map.of());
        await().atMost(SOON)
                .untilAsserted(() -> assertThat(
                                subscription(id).path("endsAtPeriodEnd").asBoolean())
                        .isTrue());
        clock(31);
        awaitStatus(id, "ended");

        String ours = vendorId();
        List<JsonNode> paid = simulators.journal("stripe").stream()
                .filter(entry -> entry.path("kind").asString().equals("invoice.paid"))
                .filter(entry -> entry.path("call").asString().equals(ours))
                .toList();
        assertThat(paid).hasSize(4);
        ApiClient operator = ApiClient.demoUser(stack.endpoints().api());
        assertThat(operator.audit().path("ok").asBoolean()).isTrue();
    }

    /** Somebody without a plan, whatever other tests have left the demo user with. */
    private static ApiClient newcomer(URI api) throws Exception {
        String email = "plan-" + UUID.randomUUID() + "@example.com";
        String password = "a plan for talking";
        new JsonHttp(api)
                .post("/api/auth/register", Map.of("email", email, "password", password, "displayName", "Kim"));
        return ApiClient.signIn(api, email, password);
    }

    private JsonNode wish(String path, Map<String, Object> wish) throws Exception {
        return api.http()
                .send(
                        "POST",
                        "/api/subscriptions" + path,
                        wish,
                        Map.of("Idempotency-Key", UUID.randomUUID().toString()));
    }

    private void clock(int days) throws Exception {
        simulators.http().post("/control/stripe/clock", Map.of("days", days));
    }

    private void card(String how) throws Exception {
        simulators.http().post("/control/stripe/subscriptions/" + vendorId() + "/card/" + how, Map.of());
    }

    /** The latest begun: no other test runs beside this one. */
    private String vendorId() throws Exception {
        return simulators.journal("stripe").stream()
                .filter(entry -> entry.path("kind").asString().equals("subscription.created"))
                .map(entry -> entry.path("call").asString())
                .reduce((earlier, ours) -> ours)
                .orElseThrow();
    }

    private void awaitStatus(String id, String status) {
        await().atMost(SOON)
                .untilAsserted(() ->
                        assertThat(subscription(id).path("status").asString()).isEqualTo(status));
    }

    private JsonNode subscription(String id) {
        try {
            return api.http().get("/api/subscriptions/" + id);
        } catch (java.io.IOException e) {
            throw new AssertionError(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError(e);
        }
    }

    private long available() throws Exception {
        return api.http().get("/api/credits").path("availableSeconds").asLong();
    }
}
