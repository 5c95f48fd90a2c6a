package ai.callmeback.dev.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;

/**
 * Money that is not as it was asked for, in real processes, from the vendor's signed event to finance's list: a clear error or a
 * case, and nothing lost. Forged, stale and foreign events, coupons and quantities: {@code PurchaseTest}.
 */
@ExtendWith(SharedStack.class)
@Execution(ExecutionMode.CONCURRENT)
@Timeout(value = 5, unit = TimeUnit.MINUTES)
class WrongMoneySystemTest {
    private Customer customer;
    private Customer finance;

    @BeforeEach
    void comeIn() throws Exception {
        customer = Customer.newcomer(SharedStack.stack());
        finance = Customer.demoUser(SharedStack.stack());
    }

    @ParameterizedTest
    @CsvSource({"amount, 999, amount_mismatch", "currency, eur, wrong_currency", "livemode, true, other_environment"})
    void whatWasNotAskedForIsACaseAndBringsNothing(String what, String value, String kind) throws Exception {
        String purchase = customer.buy("pack_25");
        String session = customer.session(purchase);
        customer.simulators.http().post("/control/stripe/sessions/" + session + "/wrong", Map.of(what, value));

        customer.pay(session, "CARD");

        awaitCase(kind, "purchase " + purchase);
        assertThat(customer.get("/api/purchases/" + purchase).path("status").asString())
                .isEqualTo("case");
        assertThat(customer.available()).isZero();
    }

    @Test
    void noMoreGoesBackThanWasPaid() throws Exception {
        String purchase = customer.buy("pack_25");
        String session = customer.session(purchase);
        customer.pay(session, "CARD");
        customer.awaitStatus("/api/purchases/" + purchase, "completed");
        String refunds = "/api/finance/purchases/" + purchase + "/refunds";

        assertThatThrownBy(() -> finance.post(refunds, Map.of("amountUsd", 15.00, "note", "Too much.")))
                .hasMessageContaining("409")
                .hasMessageContaining("refund_exceeds_payment");
        String refund =
                finance.post(refunds, Map.of("note", "All of it.")).path("id").asString();
        await().atMost(Customer.SOON)
                .untilAsserted(() -> assertThat(customer.available()).isZero());
        finance.awaitStatus("/api/finance/refunds/" + refund, "issued");
        assertThatThrownBy(() -> finance.post(refunds, Map.of("note", "Again.")))
                .hasMessageContaining("refund_exceeds_payment");
        String payment = payment(session);
        assertThatThrownBy(() ->
                        customer.simulators.http().post("/control/stripe/payments/" + payment + "/refund", Map.of()))
                .as("the vendor refuses it too")
                .hasMessageContaining("400");

        String dispute = customer.simulators
                .http()
                .post("/control/stripe/payments/" + payment + "/dispute", Map.of())
                .path("id")
                .asString();

        awaitCase("return_exceeds_payment", "return " + dispute);
        assertThat(customer.available()).isZero();
        JsonNode audit = finance.api.audit();
        assertThat(audit.path("ok").asBoolean()).as(audit.toString()).isTrue();
    }

    private String payment(String session) throws Exception {
        return customer.journal("payment.succeeded").stream()
                .filter(entry -> entry.at("/detail/session").asString("").equals(session))
                .map(entry -> entry.path("call").asString())
                .findFirst()
                .orElseThrow();
    }

    private void awaitCase(String kind, String subject) {
        await().atMost(Customer.SOON)
                .untilAsserted(() -> assertThat(finance.get("/api/finance/cases?limit=100")
                                .path("cases")
                                .valueStream()
                                .filter(one -> one.path("subject").asString().equals(subject)))
                        .singleElement()
                        .satisfies(one -> {
                            assertThat(one.path("kind").asString()).isEqualTo(kind);
                            assertThat(one.path("owner").asString()).isEqualTo("finance");
                        }));
    }
}
