package ai.callmeback.api.topup;

import static org.assertj.core.api.Assertions.assertThat;

import ai.callmeback.api.testing.ApiTest;
import java.math.BigDecimal;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.http.HttpMethod;
import org.springframework.http.HttpStatus;
import org.springframework.test.web.reactive.server.WebTestClient.ResponseSpec;
import tools.jackson.databind.JsonNode;

/** Auto top-up by HTTP; what the payment vendor would say is written into the database. */
class AutoTopUpTest extends ApiTest {
    private static final Map<String, Object> CHOICE =
            Map.of("product", "pack_25", "thresholdMinutes", 5, "monthlyCapUsd", 50, "consent", true);

    @Test
    void itIsSwitchedOnWithACardAndOffAtOnce() {
        Person person = newPerson();
        assertThat(ok(person, HttpMethod.GET).at("/status").asString()).isEqualTo("off");

        JsonNode waiting = body(put(person, CHOICE).expectStatus().isOk());
        assertThat(waiting.at("/status").asString()).isEqualTo("awaiting_card");
        assertThat(waiting.at("/thresholdMinutes").asInt()).isEqualTo(5);
        String mine = "(select id from auto_topups where user_id = '" + person.id() + "')";
        DB.execute("update card_setups set status = 'OPEN', session = 'cs_" + person.id()
                + "', url = 'https://pay.test/card' where topup_id = " + mine);
        assertThat(ok(person, HttpMethod.GET).at("/cardSetupUrl").asString()).isEqualTo("https://pay.test/card");
        DB.execute("select card_setup_saved(id, 'cus_1', 'pm_1', 'visa', '4242', '12/2030', now()) from card_setups"
                + " where topup_id = " + mine);

        JsonNode on = ok(person, HttpMethod.GET);
        assertThat(on.at("/status").asString()).isEqualTo("on");
        assertThat(on.at("/card/last4").asString()).isEqualTo("4242");
        assertThat(on.at("/month/leftUsd").decimalValue()).isEqualByComparingTo("50.00");
        assertThat(on.toString()).as("the vendor's names are nobody's business").doesNotContain("pm_1", "cus_1");
        DB.execute("select auto_topup_look(" + mine + ", gen_random_uuid(), now())");
        JsonNode bought = ok(person, HttpMethod.GET);
        assertThat(bought.at("/last/status").asString()).isEqualTo("new");
        assertThat(bought.at("/month/countedUsd").decimalValue()).isEqualByComparingTo("14.99");
        assertThat(ok(newPerson(), HttpMethod.GET).at("/status").asString())
                .as("another sees nothing of it")
                .isEqualTo("off");

        assertThat(ok(person, HttpMethod.DELETE).at("/status").asString()).isEqualTo("off");
        assertThat(ok(person, HttpMethod.DELETE).at("/status").asString()).isEqualTo("off");
        assertThat(ok(person, HttpMethod.GET).has("card")).isFalse();
        assertThat(DB.query("select 1 from card_detachments where payment_method = 'pm_1' and detached_at is null"))
                .hasSize(1);
        assertThat(body(put(person, CHOICE).expectStatus().isOk()).at("/status").asString())
                .as("the card is gone")
                .isEqualTo("awaiting_card");
    }

    @ParameterizedTest
    @CsvSource({
        "product, call_5, unknown_product, pack",
        "product, gold, unknown_product, pack",
        "thresholdMinutes, 0, threshold_out_of_range, 600",
        "thresholdMinutes, 601, threshold_out_of_range, 600",
        "thresholdMinutes, 26, threshold_out_of_range, 25",
        "monthlyCapUsd, 0, amount_out_of_range, 1000",
        "monthlyCapUsd, 1000.01, amount_out_of_range, 1000",
        "monthlyCapUsd, 20.001, amount_out_of_range, 1000",
        "monthlyCapUsd, 14.98, amount_out_of_range, 14.99",
        "consent, false, consent_required, ''",
    })
    void whatIsOutOfBoundsIsRefusedByName(String field, String value, String code, String bound) {
        Map<String, Object> choice = new HashMap<>(CHOICE);
        choice.put(
                field,
                switch (field) {
                    case "product" -> value;
                    case "consent" -> Boolean.valueOf(value);
                    default -> new BigDecimal(value);
                });

        JsonNode problem = body(put(newPerson(), choice).expectStatus().isBadRequest());

        assertThat(problem.at("/code").asString()).isEqualTo(code);
        assertThat(problem.at("/errors/0/field").asString()).isEqualTo(field);
        assertThat(problem.at("/errors/0/bound").asString("")).isEqualTo(bound);
    }

    @Test
    void whatIsMissingIsNamedAtOnceAndAStrangerIsSentAway() {
        JsonNode problem = body(put(newPerson(), Map.of()).expectStatus().isBadRequest());
        assertThat(problem.at("/errors").size()).isEqualTo(4);
        web.get().uri("/api/auto-topup").exchange().expectStatus().isUnauthorized();
        web.put()
                .uri("/api/auto-topup")
                .bodyValue(CHOICE)
                .exchange()
                .expectStatus()
                .isUnauthorized();
    }

    private JsonNode ok(Person person, HttpMethod method) {
        return body(web.method(method)
                .uri("/api/auto-topup")
                .header("Authorization", person.bearer())
                .exchange()
                .expectStatus()
                .isEqualTo(HttpStatus.OK));
    }

    private ResponseSpec put(Person person, Map<String, Object> choice) {
        return web.put()
                .uri("/api/auto-topup")
                .header("Authorization", person.bearer())
                .bodyValue(choice)
                .exchange();
    }

    private static JsonNode body(ResponseSpec response) {
        return Objects.requireNonNull(
                response.expectBody(JsonNode.class).returnResult().getResponseBody());
    }
}
