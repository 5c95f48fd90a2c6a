package ai.callmeback.dev.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import ai.callmeback.dev.Stack;
import ai.callmeback.dev.client.ApiClient;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.parallel.Isolated;

/** A plan in real processes: paid, changed, renewed, not paid, cancelled, with events that come twice. */
@ExtendWith(SharedStack.class)
@Isolated
@Timeout(value = 8, unit = TimeUnit.MINUTES)
class SubscribingSystemTest {
    private Customer customer;

    @Test
    void aPlanIsPaidChangedRenewedAndEnded() throws Exception {
        Stack stack = SharedStack.stack();
        customer = Customer.newcomer(stack);
        customer.doubleEvents();

        String id = customer.post("/api/subscriptions", Map.of("plan", "plan_standard"))
                .path("id")
                .asString();
        String path = "/api/subscriptions/" + id;
        customer.pay(customer.session(path, "checkoutUrl"), "CARD");
        customer.awaitStatus(path, "active");
        assertThat(customer.available()).isEqualTo(3_600);
        assertThat(customer.get(path).at("/period/callsLimit").asInt()).isEqualTo(10);

        customer.post(path + "/plan", Map.of("plan", "plan_power"));
        awaitPaid(path, 2);
        assertThat(customer.get(path).path("plan").asString()).isEqualTo("plan_power");
        assertThat(customer.available()).as("a few seconds into the period").isBetween(8_900L, 9_000L);

        clock(32);
        awaitPaid(path, 3);
        card("declined");
        clock(30);
        customer.awaitStatus(path, "past_due");
        card("good");
        clock(3);
        customer.awaitStatus(path, "active");
        awaitPaid(path, 4);

        customer.post(path + "/cancel", Map.of());
        await().atMost(Customer.SOON)
                .untilAsserted(() -> assertThat(
                                customer.get(path).path("endsAtPeriodEnd").asBoolean())
                        .isTrue());
        clock(31);
        customer.awaitStatus(path, "ended");

        String ours = vendorId();
        assertThat(customer.journal("invoice.paid"))
                .filteredOn(entry -> entry.path("call").asString().equals(ours))
                .hasSize(4);
        ApiClient operator = ApiClient.demoUser(stack.endpoints().api());
        assertThat(operator.audit().path("ok").asBoolean()).isTrue();
    }

    private void awaitPaid(String path, int times) {
        await().atMost(Customer.SOON)
                .untilAsserted(
                        () -> assertThat(customer.get(path).path("paid").size()).isEqualTo(times));
    }

    private void clock(int days) throws Exception {
        customer.simulators.http().post("/control/stripe/clock", Map.of("days", days));
    }

    private void card(String how) throws Exception {
        customer.simulators.http().post("/control/stripe/subscriptions/" + vendorId() + "/card/" + how, Map.of());
    }

    /** The latest begun: no other test runs beside this one. */
    private String vendorId() throws Exception {
        return customer.journal("subscription.created").getLast().path("call").asString();
    }
}
