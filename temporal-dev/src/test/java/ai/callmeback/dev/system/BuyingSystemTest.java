package ai.callmeback.dev.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.util.Map;
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
    @Test
    void aPurchaseIsCreditedOnceAndTakenBackAsTheVendorSays() throws Exception {
        Customer customer = Customer.demoUser(SharedStack.stack());
        // Only a call that is under way could change the credit meanwhile.
        await().atMost(Customer.SOON)
                .until(() -> customer.get("/api/credits").path("heldSeconds").asLong() == 0);
        long before = customer.available();

        customer.doubleEvents();
        String first = customer.buy("pack_25");
        customer.pay(customer.session(first), "CARD");
        customer.awaitStatus("/api/purchases/" + first, "completed");
        assertThat(customer.available()).isEqualTo(before + 1_500);

        String payment =
                customer.journal("payment.succeeded").getLast().path("call").asString();
        customer.simulators.http().post("/control/stripe/payments/" + payment + "/refund", Map.of("amount", 500));
        await().atMost(Customer.SOON)
                .untilAsserted(() -> assertThat(customer.available()).isEqualTo(before + 1_000));
        String dispute = customer.simulators
                .http()
                .post("/control/stripe/payments/" + payment + "/dispute", Map.of())
                .path("id")
                .asString();
        assertThat(dispute).startsWith("dp_");

        String second = customer.buy("pack_50");
        customer.pay(customer.session(second), "CARD");
        customer.awaitStatus("/api/purchases/" + second, "completed");
        long bought = customer.available();
        String refunds = "/api/finance/purchases/" + second + "/refunds";
        Map<String, Object> wish = Map.of("note", "Asked for by the person.");
        JsonNode order = customer.post(refunds, wish, "refund-of-" + second);
        await().atMost(Customer.SOON)
                .untilAsserted(() -> assertThat(customer.available()).isEqualTo(bought - 3_000));
        JsonNode again = customer.post(refunds, wish, "refund-of-" + second);
        assertThat(again.path("id").asString())
                .as("a repeat")
                .isEqualTo(order.path("id").asString());

        JsonNode audit = customer.api.audit();
        assertThat(audit.path("ok").asBoolean()).as(audit.toString()).isTrue();
    }
}
