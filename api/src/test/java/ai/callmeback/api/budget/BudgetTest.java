package ai.callmeback.api.budget;

import static org.assertj.core.api.Assertions.assertThat;

import ai.callmeback.api.testing.ApiTest;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.springframework.http.HttpStatus;
import org.springframework.test.web.reactive.server.WebTestClient.ResponseSpec;
import tools.jackson.databind.JsonNode;

/** Budgets by HTTP. That they are kept is tried with the call worker. */
class BudgetTest extends ApiTest {
    @Test
    void aBudgetIsSetAndTakenAway() {
        Person person = newPerson();
        JsonNode none = ok(get(person));
        assertThat(none.at("/day/limitUsd").isMissingNode()).isTrue();
        assertThat(none.at("/alertPercent").asInt()).isEqualTo(80);

        JsonNode set = ok(put(person, Map.of("dailyUsd", 5, "monthlyUsd", 50.25, "alertPercent", 90)));

        assertThat(set.at("/day/limitUsd").decimalValue()).isEqualByComparingTo("5.00");
        assertThat(set.at("/month/limitUsd").decimalValue()).isEqualByComparingTo("50.25");
        assertThat(set.at("/day/spentUsd").decimalValue()).isEqualByComparingTo("0");
        assertThat(set.at("/alertPercent").asInt()).isEqualTo(90);
        assertThat(ok(get(person))).isEqualTo(set);
        assertThat(ok(get(newPerson())).at("/day/limitUsd").isMissingNode())
                .as("another's")
                .isTrue();
        JsonNode gone = ok(put(person, Map.of()));
        assertThat(gone.at("/month/limitUsd").isMissingNode()).isTrue();
        assertThat(gone.at("/alertPercent").asInt()).isEqualTo(80);
    }

    @Test
    void whatIsOutOfBoundsIsRefused() {
        Person person = newPerson();
        for (double amount : new double[] {0, -1, 0.001, 100_000.01, 1e300}) {
            refused(put(person, Map.of("dailyUsd", amount)), "amount_out_of_range");
        }
        refused(put(person, Map.of("alertPercent", 0)), "percent_out_of_range");
        refused(put(person, Map.of("alertPercent", 101)), "percent_out_of_range");
        assertThat(DB.query("select 1 from budgets where user_id = '" + person.id() + "'"))
                .isEmpty();
        web.put()
                .uri("/api/budget")
                .bodyValue(Map.of())
                .exchange()
                .expectStatus()
                .isUnauthorized();
    }

    private ResponseSpec get(Person person) {
        return web.get()
                .uri("/api/budget")
                .header("Authorization", person.bearer())
                .exchange();
    }

    private ResponseSpec put(Person person, Map<String, ?> body) {
        return web.put()
                .uri("/api/budget")
                .header("Authorization", person.bearer())
                .bodyValue(body)
                .exchange();
    }

    private static void refused(ResponseSpec response, String code) {
        response.expectStatus()
                .isEqualTo(HttpStatus.BAD_REQUEST)
                .expectBody()
                .jsonPath("$.code")
                .isEqualTo(code);
    }

    private static JsonNode ok(ResponseSpec response) {
        return Objects.requireNonNull(response.expectStatus()
                .isOk()
                .expectBody(JsonNode.class)
                .returnResult()
                .getResponseBody());
    }
}
